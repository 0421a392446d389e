#:project ../src/Brickwork.Bricks/Brickwork.Bricks.csproj
#:property PublishAot=false
#:property RestorePackagesWithLockFile=false
// Merging beside PyTorch: the same files, the same arithmetic, each side a process of its own, in turn. bench/README.md says what is needed.
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Brickwork;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
return args switch
{
    ["ours", var recipe, var output, var threads] => Ours.Run(recipe, output, Number(threads)),
    [var a, var b, var origin, var folder, var threads, var rounds, .. var methods] => new Beside(a, b, origin, folder, Number(threads)).Run(Number(rounds), methods),
    _ => Usage(),
};

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

static int Usage()
{
    Console.Error.WriteLine("usage, from the root of the repository: A.gguf B.gguf BASE.gguf FOLDER THREADS ROUNDS [linear] [slerp] [ties]; FOLDER takes two outputs at a time");
    return 2;
}

/// <summary>What a side prints: seconds from the first look into a file until the output is on the disk, and the peak of resident memory in bytes.</summary>
sealed record Result(double seconds, long peak);

/// <summary>Our side, as a process of its own.</summary>
static class Ours
{
    public static int Run(string recipe, string output, int threads)
    {
        var begin = Stopwatch.GetTimestamp();
        using (var plan = MergeRecipe.Open(recipe).Plan(new MergeOptions { Threads = threads, Overwrite = true }))
            plan.Save(output);
        var seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        Console.WriteLine(JsonSerializer.Serialize(new Result(seconds, Process.GetCurrentProcess().PeakWorkingSet64)));
        return 0;
    }
}

/// <summary>Both sides, one after the other.</summary>
sealed class Beside(string a, string b, string origin, string folder, int threads)
{
    static readonly string[] All = ["linear", "slerp", "ties"];

    public int Run(int rounds, string[] methods)
    {
        Console.WriteLine($"{a} and {b}, base of ties {origin}; outputs in {folder}; {threads} threads, {rounds} rounds in turn");
        Console.WriteLine("| method | brick s, median (best) | PyTorch s, median (best) | ratio of medians | median of ratios | brick MiB | PyTorch MiB | elements that differ | largest difference |\n|---|---|---|---|---|---|---|---|---|");
        foreach (var method in methods.Length == 0 ? All : methods)
            Compare(method, rounds);
        return 0;
    }

    void Compare(string method, int rounds)
    {
        var (recipe, ours, theirs) = (Path.Combine(folder, $"{method}.yml"), Path.Combine(folder, $"{method}-ours.gguf"), Path.Combine(folder, $"{method}-torch.gguf"));
        File.WriteAllText(recipe, Recipe(method));
        var (own, other) = (new List<Result>(), new List<Result>());
        for (var round = 0; round < rounds; round++)
        {
            // Each side writes into memory that the other one has just left.
            File.Delete(theirs);
            Touch();
            own.Add(Run([Environment.ProcessPath!, "ours", recipe, ours, $"{threads}"]));
            if (round < rounds - 1)
                File.Delete(ours);
            Touch();
            other.Add(Run([Environment.GetEnvironmentVariable("TORCH_PYTHON") ?? "python3", "bench/peers/torch_merge.py", method, theirs, a, b, .. method == "ties" ? [origin] : Array.Empty<string>(), "--threads", $"{threads}"]));
        }
        var (share, largest) = Difference(ours, theirs);
        Console.WriteLine($"| {method} | {Median(own):F2} ({own.Min(one => one.seconds):F2}) | {Median(other):F2} ({other.Min(one => one.seconds):F2}) | {Median(other) / Median(own):F2} | {Median(other.Zip(own, (x, y) => x.seconds / y.seconds)):F2} "
            + $"| {own.Max(one => one.peak) >> 20} | {other.Max(one => one.peak) >> 20} | {share:P3} | {largest:G3} |");
        foreach (var path in (string[])[recipe, ours, theirs])
            File.Delete(path);
    }

    /// <summary>Reads the inputs once, so that both sides find them in the system's cache.</summary>
    void Touch()
    {
        var block = new byte[1 << 22];
        foreach (var path in (string[])[a, b, origin])
        {
            using var file = File.OpenRead(path);
            while (file.Read(block) > 0)
                ;
        }
    }

    string Recipe(string method)
    {
        var (first, second, zero) = (Path.GetFullPath(a), Path.GetFullPath(b), Path.GetFullPath(origin));
        return method switch
        {
            "linear" => $"merge_method: linear\nparameters: {{weight: 0.5}}\nmodels: [{{model: {first}}}, {{model: {second}}}]",
            "slerp" => $"merge_method: slerp\nbase_model: {first}\nparameters: {{t: 0.5}}\nmodels: [{{model: {first}}}, {{model: {second}}}]",
            "ties" => $"merge_method: ties\nbase_model: {zero}\nparameters: {{weight: 1, density: 0.5}}\nmodels: [{{model: {first}}}, {{model: {second}}}]",
            _ => throw new ArgumentException($"'{method}' is no method of this comparison; expected linear, slerp or ties."),
        };
    }

    /// <summary>How many values of the halves are not the same, and how far apart they are at most: sums in double and in F32 round differently.</summary>
    static (double Share, double Largest) Difference(string ours, string theirs)
    {
        using var found = CheckpointFile.Open(ours);
        using var expected = CheckpointFile.Open(theirs);
        var (unequal, count, largest) = (0L, 0L, 0.0);
        foreach (var info in expected.Tensors.Where(info => info.Type == DType.F16))
        {
            var (x, y) = (found.Open(info.Name), expected.Open(info.Name));
            for (var row = 0; row < x.Rows; row++)
            {
                var left = MemoryMarshal.Cast<byte, Half>(x.RowSpan(row, 1));
                var right = MemoryMarshal.Cast<byte, Half>(y.RowSpan(row, 1));
                count += left.Length;
                for (var i = 0; i < left.Length; i++)
                    if (left[i] != right[i])
                        (unequal, largest) = (unequal + 1, Math.Max(largest, Math.Abs((double)left[i] - (double)right[i])));
            }
        }
        return ((double)unequal / count, largest);
    }

    static double Median(IEnumerable<Result> results) => Median(results.Select(result => result.seconds));

    static double Median(IEnumerable<double> values) => values.Order().ToList() is var sorted ? (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2 : 0;

    static Result Run(string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(arguments[0], arguments[1..]) { RedirectStandardOutput = true })!;
        var line = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? JsonSerializer.Deserialize<Result>(line)! : throw new InvalidOperationException($"{string.Join(' ', arguments)} failed.");
    }
}
