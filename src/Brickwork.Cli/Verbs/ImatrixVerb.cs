using System.CommandLine;
using System.Globalization;
using Brickwork.Cli.Cards;
using Brickwork.Cli.Options;
using Brickwork.Cli.Terminal;

namespace Brickwork.Cli.Verbs;

/// <summary><c>brick imatrix</c>: which columns of a model's matrices matter, for <c>quantize --imatrix</c>.</summary>
sealed class ImatrixVerb : Verb
{
    readonly Option<string[]> _corpus = new("--corpus") { Description = "Text like that which the model will meet (repeatable)", Required = true };
    readonly Option<string> _out = new("--out") { Description = "File for the matrix, in llama.cpp's form", Required = true };
    readonly Option<int?> _limit = new("--limit") { Description = "Measure only this many pieces of 512 tokens" };

    public ImatrixVerb() : base("imatrix", "Measure which columns of a model's matrices matter")
    {
        Add(_corpus);
        Add(_out);
        Add(_limit);
        Add(OutputFile.Force);
        ModelOptions.AddTo(this);
    }

    protected override int Run(Invocation run)
    {
        var target = run.Value(_out)!;
        OutputFile.Check(target, run);
        var files = run.Value(_corpus)!;
        var texts = files.Select(TextFile.Read).ToList();
        using var model = ModelOptions.Load(run);
        var options = new ImportanceOptions { Limit = ModelOptions.Positive(run, _limit), Datasets = files };
        var matrix = ProgressLine.Run(run.Output, "imatrix", report =>
            ImportanceMatrix.Measure(model, texts, options, new Reporter(report), run.Cancellation));
        matrix.Save(target, run.Value(OutputFile.Force) ? ExistingFiles.Replace : ExistingFiles.Refuse);
        if (run.Output.Json)
            run.Output.WriteJson(json =>
            {
                json.WriteNumber("tensors", matrix.Names.Count);
                json.WriteNumber("tokens", matrix.Tokens);
            });
        new Card(Path.GetFileName(target))
            .Row("matrices", matrix.Names.Count.ToString(CultureInfo.InvariantCulture))
            .Row("tokens", matrix.Tokens.ToString(CultureInfo.InvariantCulture))
            .Show(run.Output);
        return ExitCode.Good;
    }
}
