using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using Brickwork.Cli.Options;
using Brickwork.Cli.Terminal;

namespace Brickwork.Cli.Verbs;

/// <summary><c>brick logits</c>: what the model says about every token of a text.</summary>
sealed class LogitsVerb : Verb
{
    readonly Option<string> _tokens = new("--tokens") { Description = "Token ids, comma-separated, fed as they are", Required = true };
    readonly Option<string?> _out = new("--out") { Description = "File for the logits: float32 little endian, [tokens, vocabulary]" };

    public LogitsVerb() : base("logits", "Logits after each of the given tokens")
    {
        Add(_tokens);
        Add(_out);
        ModelOptions.AddRunningTo(this);
    }

    protected override int Run(Invocation run)
    {
        var tokens = TokenList.Parse(run.Value(_tokens)!);
        using var model = ModelOptions.Load(run);
        using var runner = model.CreateRunner(ModelOptions.Runner(run));
        using var sequence = runner.StartSequence();
        var logits = runner.Forward(new Batch().Add(sequence, tokens, LogitRows.All));
        if (run.Value(_out) is { } file)
            File.WriteAllBytes(file, MemoryMarshal.AsBytes<float>(logits.Floats));
        Report(run, tokens, logits, run.Value(_out));
        return ExitCode.Good;
    }

    static void Report(Invocation run, int[] tokens, Tensor logits, string? file)
    {
        var argmax = Enumerable.Range(0, logits.Rows).Select(row => System.Numerics.Tensors.TensorPrimitives.IndexOfMax<float>(logits.Row(row))).ToArray();
        if (!run.Output.Json)
        {
            run.Output.Result.WriteLine(string.Join(",", argmax.Select(id => id.ToString(CultureInfo.InvariantCulture))));
            return;
        }
        run.Output.WriteJson(json =>
        {
            json.WriteNumber("tokens", tokens.Length);
            json.WriteNumber("vocabulary", logits.Columns);
            json.WriteString("file", file);
            json.WriteStartArray("argmax");
            foreach (var id in argmax)
                json.WriteNumberValue(id);
            json.WriteEndArray();
        });
    }
}
