using System.CommandLine;
using Brickwork.Cli.Terminal;
using Brickwork.Cli.Verbs;

namespace Brickwork.Cli.Options;

/// <summary>Writes a brick in the form that the name of the output asks for.</summary>
static class BrickOutput
{
    public static Option<string?> Licence { get; } = new("--licence") { Description = "The terms under which the brick may be used, such as MIT" };

    /// <exception cref="UsageException">It is empty.</exception>
    public static string? LicenceOf(Invocation run) =>
        run.Value(Licence) is { } licence && string.IsNullOrWhiteSpace(licence) ? throw new UsageException("--licence is empty.", "Name the terms, such as MIT.") : run.Value(Licence);

    /// <summary>Whether the form needs no model: names of PEFT and the architecture in GGUF come from one.</summary>
    public static bool IsPlain(string target) => target.EndsWith(".brick", StringComparison.OrdinalIgnoreCase);

    static BrickSaveOptions Asked(Invocation run) => new() { Existing = OutputFile.Existing(run).Existing, AnyParent = run.Value(PlugFlags.AnyParent) };

    /// <param name="run">Says whether files may be replaced.</param>
    /// <param name="brick">The brick.</param>
    /// <param name="target">A .brick or .gguf file, or a folder for PEFT.</param>
    /// <param name="model">The model it is for; needed where the form is not plain.</param>
    public static void Save(Invocation run, Brick brick, string target, LanguageModel? model)
    {
        if (IsPlain(target))
            brick.Save(target, OutputFile.Existing(run));
        else if (target.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase))
            brick.SaveGguf(target, model!, Asked(run));
        else
            brick.SavePeft(target, model!, Asked(run));
    }
}
