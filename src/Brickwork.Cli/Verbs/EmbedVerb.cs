using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using Brickwork.Cli.Options;
using Brickwork.Cli.Terminal;

namespace Brickwork.Cli.Verbs;

/// <summary><c>brick embed</c>: a text as a vector.</summary>
sealed class EmbedVerb : Verb
{
    readonly PromptOptions _text = new("text");
    readonly Option<string?> _pooling = new("--pooling") { Description = "How token vectors become one: mean, first, last, none [default: as the model was trained]" };
    readonly Option<bool> _normalize = new("--normalize") { Description = "Scale the vector to length 1" };
    readonly Option<string?> _out = new("--out") { Description = "File for the vector: float32 little endian" };

    public EmbedVerb() : base("embed", "Turn a text into a vector with an embedding model")
    {
        _pooling.AcceptOnlyFromAmong("mean", "first", "last", "none");
        _text.AddTo(this);
        Add(_pooling);
        Add(_normalize);
        Add(_out);
        Add(OutputFile.Force);
        ModelOptions.AddRunningTo(this);
    }

    protected override int Run(Invocation run)
    {
        OutputFile.Check(run.Value(_out), run);
        var ids = _text.Ids(run);
        var text = ids is null ? _text.Read(run) : null;
        using var model = ModelOptions.Load(run);
        var pooling = run.Value(_pooling) is { } name ? Enum.Parse<Pooling>(name, ignoreCase: true) : model.Config.Pooling;
        using var embedder = new Embedder(model, new EmbeddingOptions { Pooling = pooling, Normalize = run.Value(_normalize) }, ModelOptions.Runner(run));
        ids ??= embedder.Tokenize(text!);
        var values = pooling == Pooling.None ? [.. embedder.EmbedTokens(ids).SelectMany(row => row)] : embedder.Embed(ids);
        if (run.Value(_out) is { } file)
            OutputFile.Write(file, MemoryMarshal.AsBytes<float>(values), run);
        Report(run, ids.Length, embedder.Width, pooling, values);
        return ExitCode.Good;
    }

    void Report(Invocation run, int tokens, int width, Pooling pooling, float[] values)
    {
        if (!run.Output.Json)
        {
            if (run.Value(_out) is null)
                run.Output.Result.WriteLine(string.Join(" ", values.Select(value => value.ToString("R", CultureInfo.InvariantCulture))));
            return;
        }
        run.Output.WriteJson(json =>
        {
            json.WriteNumber("tokens", tokens);
            json.WriteNumber("width", width);
            json.WriteString("pooling", pooling.ToString().ToLowerInvariant());
            json.WriteString("file", run.Value(_out));
            if (run.Value(_out) is not null)
                return;
            json.WriteStartArray("values");
            foreach (var value in values)
                json.WriteNumberValue(value);
            json.WriteEndArray();
        });
    }
}
