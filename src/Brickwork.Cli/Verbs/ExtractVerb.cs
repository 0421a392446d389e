using System.CommandLine;
using System.Globalization;
using Brickwork.Cli.Cards;
using Brickwork.Cli.Options;
using Brickwork.Cli.Terminal;
using Brickwork.Formats.Writing;

namespace Brickwork.Cli.Verbs;

/// <summary><c>brick extract</c>: a LoRA brick out of the difference of two models.</summary>
sealed class ExtractVerb : Verb
{
    const int LeftShown = 5;

    readonly Argument<string> _base = new("BASE") { Description = "The model before: a .gguf file, a Hugging Face folder, or a name" };
    readonly Argument<string> _tuned = new("TUNED") { Description = "The same model after its training" };
    readonly Argument<string> _target = new("OUT") { Description = "A .brick or .gguf file, or a folder for PEFT" };
    readonly Option<int> _rank = new("--rank") { Description = "The most values between the two factors", DefaultValueFactory = _ => 16 };
    readonly Option<string> _targets = new("--targets") { Description = "Slots whose change is taken, such as layers.*.attention.{query,value}", DefaultValueFactory = _ => "**" };
    readonly Option<bool> _embedding = new("--embedding") { Description = "Take the change of the embedding as well" };

    public ExtractVerb() : base("extract", "Take a LoRA brick out of the difference of two models")
    {
        Add(_base);
        Add(_tuned);
        Add(_target);
        Add(_rank);
        Add(_targets);
        Add(_embedding);
        Add(BrickOutput.Licence);
        Add(OutputFile.Force);
        Add(ModelOptions.Threads);
    }

    protected override int Run(Invocation run)
    {
        var (target, rank) = (run.Value(_target)!, run.Value(_rank));
        OutputFile.CheckFree(target, run);
        if (rank < 1)
            throw new UsageException($"--rank is {rank}; expected a number above 0.", "Give a rank such as 16.");
        return ProgressLine.Run(run.Output, "extract", report =>
        {
            using var model = LanguageModel.Load(run.Value(_base)!, new LoadOptions { Threads = ModelOptions.ThreadCount(run) });
            var extracted = model.Extract(run.Value(_tuned)!, new ExtractOptions
            {
                Rank = rank,
                Id = Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(target)),
                Targets = new SlotPattern(run.Value(_targets)!),
                Embedding = run.Value(_embedding),
                Licence = BrickOutput.LicenceOf(run),
                Progress = report,
                CancellationToken = run.Cancellation,
            });
            BrickOutput.Save(run, extracted.Brick, target, model);
            Report(run, extracted, target);
            return ExitCode.Good;
        });
    }

    static void Report(Invocation run, ExtractedLora extracted, string target)
    {
        if (run.Output.Json)
            run.Output.WriteJson(json =>
            {
                json.WriteNumber("rank", extracted.Brick.Rank ?? 0);
                json.WriteNumber("error", extracted.Error);
                json.WriteNumber("parameters", extracted.Brick.Parameters);
                json.WriteTexts("left", extracted.Left);
            });
        else
            run.Output.Result.WriteLine(target);
        new Card(extracted.Brick.Id)
            .Row("rank", extracted.Brick.Rank?.ToString(CultureInfo.InvariantCulture))
            .Row("lacks", string.Create(CultureInfo.InvariantCulture, $"{extracted.Error:P1} of the difference of its tensors"))
            .Row("left out", extracted.Left.Count == 0 ? null : $"{extracted.Left.Count} tensors that differ, such as {string.Join(", ", extracted.Left.Take(LeftShown))}")
            .Row("size", Numbers.Bytes(extracted.Brick.Bytes))
            .Show(run.Output);
    }
}
