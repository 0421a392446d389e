using System.CommandLine;
using System.Globalization;
using Brickwork.Cli.Cards;
using Brickwork.Cli.Options;
using Brickwork.Cli.Terminal;

namespace Brickwork.Cli.Verbs;

/// <summary><c>brick convert-brick</c>: an adapter from one form to another, and what that cost.</summary>
sealed class ConvertBrickVerb : Verb
{
    readonly Argument<string> _source = new("IN") { Description = "A .brick, an adapter or control vector in GGUF, or a PEFT folder" };
    readonly Argument<string> _target = new("OUT") { Description = "A .brick or .gguf file, or a folder for PEFT" };

    public ConvertBrickVerb() : base("convert-brick", "Convert a brick between .brick, GGUF and PEFT, and tell the largest error")
    {
        Add(_source);
        Add(_target);
        Add(OutputFile.Force);
        ModelOptions.AddTo(this);
    }

    protected override int Run(Invocation run)
    {
        var (source, target) = (run.Value(_source)!, run.Value(_target)!);
        OutputFile.CheckFree(target, run);
        using var model = BrickOutput.IsPlain(target) && File.Exists(source) && !run.Given(ModelOptions.Model) ? null : ModelOptions.Load(run);
        var brick = PlugFlags.Open(source, model);
        BrickOutput.Save(run, brick, target, model);
        Report(run, brick, Brick.Open(target, model).LargestDifference(brick));
        return ExitCode.Good;
    }

    static void Report(Invocation run, Brick brick, double error)
    {
        if (run.Output.Json)
            run.Output.WriteJson(json =>
            {
                json.WriteString("kind", brick.Kind.ToString().ToLowerInvariant());
                if (brick.Rank is { } rank)
                    json.WriteNumber("rank", rank);
                else
                    json.WriteNull("rank");
                json.WriteNumber("maxAbsError", error);
                json.WriteNumber("parameters", brick.Parameters);
            });
        else
            run.Output.Result.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{brick.Kind.ToString().ToLowerInvariant()}  largest absolute error {error:E2}"));
        new Card(brick.Id)
            .Row("rank", brick.Rank?.ToString(CultureInfo.InvariantCulture))
            .Row("parameters", Numbers.Count(brick.Parameters))
            .Row("size", Numbers.Bytes(brick.Bytes))
            .Show(run.Output);
    }
}
