using Brickwork.Cli.Cards;
using Brickwork.Cli.Terminal;
using Brickwork.Cli.Verbs;
using Brickwork.Formats.Writing;

namespace Brickwork.Cli.Options;

/// <summary>Writes a model with a brick worked into its weights, or out of them.</summary>
static class WeightWriting
{
    public static void Into(Invocation run, LanguageModel model, Brick brick, float strength, string target) =>
        Run(run, "plug", $"{model.Config.Name} with {brick.Id}", brick, target, options => model.SaveMerged(brick, Plug(run, strength), target, options));

    public static void OutOf(Invocation run, LanguageModel model, Brick brick, float strength, string target) =>
        Run(run, "unplug", $"{model.Config.Name} without {brick.Id}", brick, target, options => model.SaveUnmerged(brick, Plug(run, strength), target, options));

    static PlugOptions Plug(Invocation run, float strength) => new() { Strength = strength, AnyParent = run.Value(PlugFlags.AnyParent) };

    static void Run(Invocation run, string verb, string holds, Brick brick, string target, Func<ConvertOptions, ConvertReport> save)
    {
        OutputFile.CheckFree(target, run);
        var written = ProgressLine.Run(run.Output, verb, report => save(new ConvertOptions
        {
            Overwrite = run.Value(OutputFile.Force), Progress = report, Threads = ModelOptions.ThreadCount(run), CancellationToken = run.Cancellation,
        }));
        if (run.Output.Json)
            run.Output.WriteJson(json =>
            {
                json.WriteTexts("bricks", [brick.Id]);
                json.WriteNumber("tensors", written.Tensors);
                json.WriteNumber("bytesOut", written.BytesOut);
            });
        new Card(Path.GetFileName(target)).Row("holds", holds).Row("size", Numbers.Bytes(written.BytesOut)).Show(run.Output);
    }
}
