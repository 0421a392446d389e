#:project ../src/Brickwork.Bricks/Brickwork.Bricks.csproj
#:property PublishAot=false
#:property RestorePackagesWithLockFile=false
// What plugged LoRA bricks cost while texts are written: the same model with and without them, in turn. bench/README.md
using System.Diagnostics;
using System.Globalization;
using Brickwork;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is not [var path, var threads, var rounds, .. var rest] || rest.Length > 1)
{
    Console.Error.WriteLine("dotnet run -c Release bench/PluggedDecode.cs -- MODEL THREADS ROUNDS [STEPS]");
    return 2;
}
const int Texts = 8, Rank = 16;
var steps = rest.Length == 1 ? int.Parse(rest[0]) : 32;
using var model = LanguageModel.Load(path, new LoadOptions { Threads = int.Parse(threads) });
Console.WriteLine($"{model.Config.Name}, {threads} threads, rank {Rank}, {steps} steps behind {Side.Prompt} tokens, {rounds} rounds in turn; tokens per second of all texts together");
Console.WriteLine("| texts | bricks | without, median (best) | with, median (best) | ratio of medians | median of ratios |\n|---|---|---|---|---|---|");
const string Two = "layers.*.attention.{query,value}", All = "layers.*.*.{query,key,value,output,gate,up,down}";
foreach (var (where, targets, type) in ((string, string, DType)[])[("query and value", Two, DType.F32), ("query and value, BF16", Two, DType.BF16), ("all projections", All, DType.F32), ("all projections, BF16", All, DType.BF16)])
{
    Brick[] bricks = [.. Enumerable.Range(0, Texts).Select(index => new NewLora { Id = $"brick{index}", Targets = new(targets), Rank = Rank, Seed = (ulong)index }.Make(model).As(type))];
    Compare($"1 on {where}", 1, [.. bricks.Take(1)]);
    Compare($"{Texts} on {where}, each on its text", Texts, bricks);
}
return 0;

void Compare(string name, int texts, Brick[] bricks)
{
    using var plugged = bricks.Aggregate(model, (with, brick) => with.Plug(brick));
    using var plain = new Side(model, [.. Enumerable.Repeat<BrickStrengths?>(null, texts)]);
    using var changed = new Side(plugged, [.. Enumerable.Range(0, texts).Select(index => BrickStrengths.Only(bricks[index].Id))]);
    plain.Write(steps);
    changed.Write(steps);
    var (without, with) = (new List<double>(), new List<double>());
    for (var round = 0; round < int.Parse(rounds); round++)
    {
        without.Add(plain.Write(steps));
        with.Add(changed.Write(steps));
    }
    Console.WriteLine($"| {texts} | {name} | {Median(without):F1} ({without.Max():F1}) | {Median(with):F1} ({with.Max():F1}) | {Median(with) / Median(without):F3} | {Median(with.Zip(without, (a, b) => a / b)):F3} |");
}

static double Median(IEnumerable<double> values) => values.Order().ToList() is var sorted ? (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2 : 0;

/// <summary>A model that writes some texts at once.</summary>
sealed class Side(LanguageModel model, BrickStrengths?[] strengths) : IDisposable
{
    public const int Prompt = 16;

    readonly ModelRunner _runner = model.CreateRunner();

    /// <summary>Begins the texts anew and writes so many tokens of each; tokens per second.</summary>
    public double Write(int steps)
    {
        Sequence[] texts = [.. strengths.Select(strength => strength is null ? _runner.StartSequence() : _runner.StartSequence(strength))];
        foreach (var (text, index) in texts.Select((text, index) => (text, index)))
            _runner.Forward(text, [.. Enumerable.Range(1 + index, Prompt)]);
        var batch = new Batch();
        var begin = 0L;
        // The first step after the prompts does not count.
        for (var step = -1; step < steps; step++)
        {
            if (step == 0)
                begin = Stopwatch.GetTimestamp();
            batch.Clear();
            foreach (var text in texts)
                batch.Add(text, [100 + step]);
            _runner.Forward(batch);
        }
        var rate = steps * texts.Length / Stopwatch.GetElapsedTime(begin).TotalSeconds;
        foreach (var text in texts)
            text.Dispose();
        return rate;
    }

    public void Dispose() => _runner.Dispose();
}
