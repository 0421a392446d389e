using Brickwork.Cli.Cards;
using Brickwork.Cli.Terminal;
using Brickwork.Cli.Verbs;
using Brickwork.Formats.Writing;

namespace Brickwork.Cli.Options;

/// <summary>Writes a model with a brick worked into its weights, or out of them.</summary>
static class WeightWriting
{
    public static void Run(Invocation run, LanguageModel model, Brick brick, float strength, string target)
    {
        OutputFile.CheckFree(target, run);
        var written = ProgressLine.Run(run.Output, "plug", report => model.SaveMerged(brick, strength, target, new ConvertOptions
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
        new Card(Path.GetFileName(target)).Row("holds", $"{model.Config.Name} with {brick.Id}").Row("size", Numbers.Bytes(written.BytesOut)).Show(run.Output);
    }
}
