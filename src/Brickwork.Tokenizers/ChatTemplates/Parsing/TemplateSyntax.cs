using System.Diagnostics.CodeAnalysis;
using Brickwork.Tokenizers.ChatTemplates.Syntax;

namespace Brickwork.Tokenizers.ChatTemplates.Parsing;

/// <summary>Errors of a template that cannot be read.</summary>
static class TemplateSyntax
{
    public const string NextStep = "Pass another template, for example one of ChatTemplates.Names.";

    [DoesNotReturn]
    public static void Fail(SourcePosition at, string problem) =>
        throw new CheckpointException($"The chat template cannot be read at {at}: {problem}.", NextStep);

    [DoesNotReturn]
    public static void Lacks(SourcePosition at, string feature) =>
        throw new UnsupportedModelException($"The chat template uses {feature} at {at}; this version has no such thing.", NextStep);
}
