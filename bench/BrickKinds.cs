#:project ../src/Brickwork.Training/Brickwork.Training.csproj
#:property PublishAot=false
#:property RestorePackagesWithLockFile=false
// Every kind of brick trained for the same steps on the same texts, beside the fine-tuning of the whole model. bench/README.md says how to run it.
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Brickwork;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
return args switch
{
    ["row", var kind, var texts, var steps, var folder, .. var model] => Row.Run(kind, texts, long.Parse(steps, CultureInfo.InvariantCulture), folder, model.FirstOrDefault()),
    [var texts, var steps, .. { Length: <= 1 } model] when long.TryParse(steps, CultureInfo.InvariantCulture, out var count) && count > 0 => Table.Run(texts, steps, model),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("dotnet run -c Release bench/BrickKinds.cs -- TEXTS STEPS [MODEL]");
    return 2;
}

/// <summary>The whole table: each row is measured in a process of its own, so that its memory is its own.</summary>
static class Table
{
    // The fine-tuned model comes first: the signs of what it changed are one of the bricks.
    static readonly string[] Kinds = ["full", "lora", "rslora", "dora", "pissa", "qlora", "ia3", "bottleneck", "bitfit", "prompt", "prefix", "bitdelta"];

    public static int Run(string texts, string steps, string[] model)
    {
        var folder = Directory.CreateTempSubdirectory("brick-kinds-").FullName;
        try
        {
            Console.WriteLine("| kind | trained values | file, bytes | shift when plugged | loss | change by training | peak memory, MB | tokens/s |\n|---|---|---|---|---|---|---|---|");
            var alone = double.NaN;
            foreach (var kind in Kinds)
            {
                using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["row", kind, texts, steps, folder, .. model]) { RedirectStandardOutput = true })!;
                var line = process.StandardOutput.ReadToEnd();
                process.WaitForExit();
                if (process.ExitCode != 0)
                    return process.ExitCode;
                using var json = JsonDocument.Parse(line);
                alone = double.IsNaN(alone) ? json.RootElement.GetProperty("before").GetDouble() : alone;
                Console.WriteLine(Line(kind, json.RootElement, alone));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
        return 0;
    }

    static string Line(string kind, JsonElement row, double alone)
    {
        double Of(string name) => row.GetProperty(name).GetDouble();
        return $"| {kind} | {Of("trained"):N0} | {Of("bytes"):N0} | {Of("before") - alone:+0.0000;-0.0000;0} | {Of("after"):F4} | {Of("after") - alone:+0.0000;-0.0000} | {Of("peak") / 1e6:F0} | {Of("rate"):N0} |";
    }
}

/// <summary>One kind: trains it and writes what it took as a line of JSON.</summary>
static class Row
{
    const int Length = 256;

    public static int Run(string kind, string texts, long steps, string folder, string? model)
    {
        var plan = Plan(kind, texts, folder) with
        {
            Name = kind,
            Model = model,
            HeldOut = 0.02,
            Steps = steps,
            Batch = new BatchPlan { Sequences = 8, Length = Length, MicroSequences = 4 },
            Evaluation = new EvaluationPlan { Every = 0, TokensPerDomain = 32_768 },
            Samples = new SamplePlan { Tokens = 0 },
            Checkpoints = new CheckpointPlan { Every = 0, Keep = 1 },
            Seed = 1,
        };
        var seen = new Events();
        var result = new Trainer(plan, new TrainerOptions { Folder = Path.Combine(folder, kind), Warn = Console.Error.WriteLine }).Run(seen);
        if (seen.Losses.Count < 2)
        {
            Console.Error.WriteLine($"error  {texts} is too short: no document of it is held out to be measured.");
            return 3;
        }
        var rates = seen.Rates.Order().ToList();
        Console.WriteLine($$"""
            {"trained":{{seen.Trained}},"bytes":{{new FileInfo(result.Model).Length}},"before":{{seen.Losses[0]:R}},"after":{{seen.Losses[^1]:R}},"peak":{{Process.GetCurrentProcess().PeakWorkingSet64}},"rate":{{rates[rates.Count / 2]:F0}}}
            """.Trim());
        return 0;
    }

    static TrainingPlan Plan(string kind, string texts, string folder)
    {
        if (kind == "full")
            return TrainingPlan.ForText(texts);
        var more = kind == "bitdelta" ? $", tuned: '{Path.Combine(folder, "full", "full.gguf")}'" : "";
        return TrainingPlan.ForText(texts, TrainingPlan.Parse($"data: [a]\nbrick: {{ kind: {kind}, name: {kind}{more} }}").Brick!);
    }

    sealed class Events : IProgress<TrainingEvent>
    {
        public long Trained { get; private set; }

        public List<double> Losses { get; } = [];

        public List<double> Rates { get; } = [];

        public void Report(TrainingEvent value)
        {
            if (value is TrainingStart start)
                Trained = start.Parameters;
            if (value is TrainingEvaluation evaluation)
                Losses.Add(evaluation.Evaluation.Loss);
            if (value is TrainingStep step)
                Rates.Add(step.Step.TokensPerSecond);
        }
    }
}
