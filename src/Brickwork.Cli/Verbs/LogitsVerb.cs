using System.CommandLine;
using System.Globalization;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Brickwork.Cli.Options;
using Brickwork.Cli.Terminal;
using Brickwork.Inference.Sampling;

namespace Brickwork.Cli.Verbs;

/// <summary><c>brick logits</c>: what the model expects after every token of a text.</summary>
sealed class LogitsVerb : Verb
{
    readonly Option<string> _tokens = new("--tokens") { Description = "Token ids, comma-separated, fed as they are", Required = true };
    readonly Option<string?> _out = new("--out") { Description = "File for the logits: float32 little endian, [tokens, vocabulary]" };

    public LogitsVerb() : base("logits", "Logits after each of the given tokens")
    {
        Add(_tokens);
        Add(_out);
        Add(OutputFile.Force);
        Add(RouteFlags.Route);
        ModelOptions.AddRunningTo(this);
    }

    protected override int Run(Invocation run)
    {
        OutputFile.Check(run.Value(_out), run);
        var tokens = TokenList.Parse(run.Value(_tokens)!);
        using var routed = RouteFlags.Load(run, text: null);
        using var runner = routed.Model.CreateRunner(routed.Runner(ModelOptions.Runner(run)));
        using var sequence = runner.StartSequence();
        var logits = runner.Forward(sequence, tokens, LogitRows.All);
        if (run.Value(_out) is { } file)
            OutputFile.Write(file, MemoryMarshal.AsBytes(logits.Floats), run);
        Report(run, tokens, logits);
        return ExitCode.Good;
    }

    void Report(Invocation run, int[] tokens, Tensor logits)
    {
        var likeliest = Enumerable.Range(0, logits.Rows).Select(row => TensorPrimitives.IndexOfMax<float>(logits.Row(row))).ToArray();
        if (!run.Output.Json)
        {
            run.Output.Result.WriteLine(string.Join(",", likeliest.Select(id => id.ToString(CultureInfo.InvariantCulture))));
            return;
        }
        run.Output.WriteJson(json =>
        {
            json.WriteNumber("tokens", tokens.Length);
            json.WriteNumber("vocabulary", logits.Columns);
            json.WriteString("file", run.Value(_out));
            if (tokens.Length > 1)
                json.WriteNumber("nll", Nll(tokens, logits));
            else
                json.WriteNull("nll");
            json.WriteStartArray("argmax");
            foreach (var id in likeliest)
                json.WriteNumberValue(id);
            json.WriteEndArray();
        });
    }

    /// <summary>Mean of −ln p(token | tokens before) from the second token on.</summary>
    static double Nll(int[] tokens, Tensor logits)
    {
        var sum = 0.0;
        for (var position = 1; position < tokens.Length; position++)
        {
            var row = logits.Row(position - 1);
            sum += LogSumExp.Of(row) - row[tokens[position]];
        }
        return sum / (tokens.Length - 1);
    }
}
