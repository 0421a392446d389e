using System.Runtime.CompilerServices;
using Brickwork.Tokenizers.ChatTemplates.Syntax;

namespace Brickwork.Tokenizers.ChatTemplates.Evaluation;

/// <summary>What all parts of one rendering share.</summary>
sealed class RenderContext(TimeProvider clock)
{
    int _calls;

    public RenderBudget Budget { get; } = new();

    public TimeProvider Clock => clock;

    /// <summary>The place that runs now; an error names it.</summary>
    public SourcePosition At { get; set; }

    /// <summary>Marks a place as running, and stops a template that recurses or works without end.</summary>
    public void Enter(SourcePosition at)
    {
        At = at;
        Budget.Spend(1);
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw new TemplateFault("the template nests too deeply");
    }

    public void EnterCall()
    {
        if (++_calls > RenderLimits.Nesting)
            throw new TemplateFault($"macro calls nest deeper than {RenderLimits.Nesting} levels");
    }

    public void LeaveCall() => _calls--;
}
