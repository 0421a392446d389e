using System.CommandLine;
using Brickwork.Cli.Options;
using Brickwork.Inference.Chat;

namespace Brickwork.Cli.Verbs;

/// <summary><c>brick ask</c>: one prompt, one answer, streamed.</summary>
sealed class AskVerb : Verb
{
    readonly PromptOptions _prompt = new("prompt");
    readonly GenerationFlags _generation = new();
    readonly SpeculationFlags _speculation = new();
    readonly Option<string?> _system = new("--system") { Description = "A system text before the prompt" };
    readonly Option<bool> _raw = new("--raw") { Description = "Continue the text itself, without the model's chat template" };

    public AskVerb() : base("ask", "Answer one prompt")
    {
        _prompt.AddTo(this);
        Add(_system);
        Add(_raw);
        _generation.AddTo(this);
        _speculation.AddTo(this);
        Add(RouteFlags.Route);
        ModelOptions.AddRunningTo(this);
        EvictionFlags.AddTo(this);
    }

    protected override int Run(Invocation run)
    {
        var options = _generation.Read(run);
        _speculation.Check(run);
        var ids = _prompt.Ids(run);
        var text = ids is null ? _prompt.Read(run) : null;
        var runner = EvictionFlags.Runner(run);
        using var routed = RouteFlags.Load(run, text);
        var model = routed.Model;
        using var speculation = _speculation.Load(run);
        options = options with { Speculation = speculation.Options };
        if (routed.Choices.Count > 1)
            return ParallelAnswers.Write(run, routed, choice => Answer(runner with { Bricks = choice }));
        return Answer(routed.Runner(runner)).Finish();

        Answer Answer(RunnerOptions choice)
        {
            using var generator = model.CreateGenerator(choice);
            var answer = new Answer(run, model);
            foreach (var piece in Pieces(run, model, generator, ids, text, options))
                answer.Add(piece);
            return answer;
        }
    }

    IEnumerable<GeneratedPiece> Pieces(
        Invocation run, LanguageModel model, Generator generator, int[]? ids, string? text, GenerationOptions options)
    {
        if (ids is not null)
            return generator.Stream(ids, options, run.Cancellation);
        var system = run.Value(_system);
        if (!run.Value(_raw) && model.ChatTemplate is not null)
            return generator.Stream(new ChatPrompt(model).Encode(system is null ? [new("user", text)] : [new("system", system), new("user", text)]), options, run.Cancellation);
        return generator.Stream(system is null ? text! : $"{system}\n\n{text}", options, run.Cancellation);
    }
}
