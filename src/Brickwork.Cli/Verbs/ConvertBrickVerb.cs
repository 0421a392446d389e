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
        Add(BrickOutput.Licence);
        Add(OutputFile.Force);
        ModelOptions.AddTo(this);
    }

    protected override int Run(Invocation run)
    {
        var (source, target) = (run.Value(_source)!, run.Value(_target)!);
        OutputFile.CheckFree(target, run);
        using var model = BrickOutput.IsPlain(target) && File.Exists(source) && !run.Given(ModelOptions.Model) ? null : ModelOptions.Load(run);
        var brick = PlugFlags.Open(source, model);
        if (BrickOutput.LicenceOf(run) is { } licence)
            brick = brick.UnderLicence(licence);
        // Where the output replaces the source, what that said is what was read.
        var isItself = Path.GetFullPath(source) == Path.GetFullPath(target);
        BrickOutput.Save(run, brick, target, model);
        var written = Brick.Open(target, model);
        var shift = BrickOutput.IsPlain(target) || model is null ? 0 : brick.BaseShift(model);
        if (shift > 0)
            run.Output.Warn(string.Create(CultureInfo.InvariantCulture,
                $"'{brick.Id}' was trained over weights in 4 bits, which {Path.GetFileName(target)} does not tell of: over the plain weights, which lie up to {shift:G3} beside those, it does not do what it was trained to."));
        Report(run, brick, isItself ? written.LargestDifference(brick) : written.LargestErrorOf(source, model), shift);
        return ExitCode.Good;
    }

    static void Report(Invocation run, Brick brick, double error, double shift)
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
                if (shift > 0)
                    json.WriteNumber("baseShift", shift);
                json.WriteNumber("parameters", brick.Parameters);
            });
        else
            run.Output.Result.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{brick.Kind.ToString().ToLowerInvariant()}  largest absolute error {error:E2}"));
        new Card(brick.Id)
            .Row("rank", brick.Rank?.ToString(CultureInfo.InvariantCulture))
            .Row("parameters", Numbers.Count(brick.Parameters))
            .Row("size", Numbers.Bytes(brick.Bytes))
            .Row("licence", brick.Manifest.Licence)
            .Show(run.Output);
    }
}
