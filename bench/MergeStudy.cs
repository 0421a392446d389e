#:project ../src/Brickwork.Bricks/Brickwork.Bricks.csproj
#:project ../src/Brickwork.Data/Brickwork.Data.csproj
#:property PublishAot=false
#:property RestorePackagesWithLockFile=false
// Every method of merging over a base and what was tuned from it: loss by domain on held-out texts, and what is kept of each gain. docs/studies/merging.md
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Brickwork;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var options = args.Where(arg => arg.StartsWith("--", StringComparison.Ordinal)).Select(arg => arg.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[^1]);
string[] paths = [.. args.Where(arg => !arg.StartsWith("--", StringComparison.Ordinal))];
string[] known = ["--tokens-per-domain", "--threads", "--only", "--domains"];
if (paths.Length < 4 || options.Keys.Any(key => !known.Contains(key)))
{
    Console.Error.WriteLine("dotnet run -c Release bench/MergeStudy.cs -- TOKENS BASE TUNED[@DOMAIN] TUNED[@DOMAIN] … [--tokens-per-domain=8192] [--threads=2] [--only=METHOD] [--domains=A,B]");
    Console.Error.WriteLine("TOKENS: the file of tokens of the training run. DOMAIN: what the model was tuned on; without one, where it gains most. --domains: the ones to measure.");
    return 2;
}
using var losses = new Losses(paths[0], int.Parse(options.GetValueOrDefault("--tokens-per-domain", "8192")), options.TryGetValue("--threads", out var threads) ? int.Parse(threads) : null, options.GetValueOrDefault("--domains")?.Split(','));
return new Study(losses, paths[1], [.. paths[2..].Select(path => path.Split('@'))], options.GetValueOrDefault("--only")).Run();

/// <summary>Mean nats per token of the held-out texts of each domain.</summary>
sealed class Losses(string tokens, int perDomain, int? threads, string[]? only) : IDisposable
{
    const int Texts = 256;

    readonly TokenizedCorpus _corpus = TokenizedCorpus.Open(tokens);

    public IReadOnlyList<string> Domains => [.. _corpus.Domains.Where(domain => domain.HeldOut.Count > 0).Select(domain => domain.Name).Where(name => only is null || only.Contains(name))];

    public int? Threads => threads;

    public double[] Of(string path)
    {
        using var stored = LanguageModel.Load(path, new LoadOptions { Threads = threads });
        using var model = TrainableModel.From(stored, new TrainableOptions { Threads = threads });
        _corpus.CheckVocabulary(stored.Config.Vocabulary);
        var batches = new BatchSource(_corpus, new BatchOptions { Length = Math.Min(stored.Config.Context, 512), Sequences = 4 });
        return [.. Domains.Select(domain =>
        {
            var sum = new LossSum();
            // The same batches for every model: whole ones, until there are enough tokens.
            foreach (var batch in batches.HeldOut(domain).TakeWhile(_ => sum.Tokens < perDomain))
                sum += model.Evaluate(batch);
            return sum.Mean;
        })];
    }

    /// <summary>Writes some of what may be learnt from of a domain, for the methods that run models over texts; nothing of it is held out.</summary>
    public void WriteTexts(string domain, string model, string path)
    {
        using var stored = LanguageModel.Load(model, new LoadOptions { Threads = threads });
        var batches = new BatchSource(_corpus, new BatchOptions { Length = Math.Min(stored.Config.Context, 512), Sequences = 1, Weights = new Dictionary<string, double> { [domain] = 1 } });
        File.WriteAllLines(path, Enumerable.Range(0, Texts).Select(step => JsonSerializer.Serialize(new Dictionary<string, string>
        {
            ["text"] = stored.Tokenizer.Decode([.. batches.Training(step).Tokens.Where(token => token != _corpus.EndOfText)]),
        })));
    }

    public void Dispose() => _corpus.Dispose();
}

/// <summary>A way to merge: a name for the table, and the recipe without its models.</summary>
/// <param name="Method">As in recipes.</param>
/// <param name="Shared">Parameters of the whole merge, as YAML within braces.</param>
/// <param name="Weights">Of each input; null = the same for all, adding up to 1.</param>
/// <param name="FirstIsBase">Whether the first tuned model stands where others have the base.</param>
sealed record Way(string Method, string Shared = "", double[]? Weights = null, bool FirstIsBase = false)
{
    static readonly double[] Factors = [0.3, 0.5, 0.7, 1], LargeFactors = [1, 1.5], Densities = [0.2, 0.5, 0.8], RandomDensities = [0.5, 0.8];
    static readonly string[] RandomMethods = ["dare_linear", "dare_ties"], RankedMethods = ["della", "della_linear"], CutMethods = ["breadcrumbs", "breadcrumbs_ties"];

    public string Name => $"{Method}{(FirstIsBase ? ", first → second" : "")}{(Shared.Length == 0 ? "" : $" ({Shared})")}{(Weights is null ? "" : $" [{string.Join(", ", Weights)}]")}";

    /// <summary>What is tried of each method; a method that is not here is tried as it is.</summary>
    public static IEnumerable<Way> All(int count)
    {
        double[] ones = [.. Enumerable.Repeat(1.0, count)];
        Way[] ways =
        [
            new("linear"),
            new("slerp", "t: 0.5", FirstIsBase: true), new("nuslerp"), new("multislerp"), new("karcher"),
            .. Factors.Select(lambda => new Way("task_arithmetic", $"lambda: {lambda}", ones)),
            .. Densities.Select(density => new Way("magnitude_prune", $"density: {density}", ones)),
            .. from density in Densities from lambda in LargeFactors select new Way("ties", $"density: {density}, lambda: {lambda}", ones),
            .. from method in RandomMethods from density in RandomDensities select new Way(method, $"density: {density}", ones),
            .. from method in RankedMethods from density in RandomDensities select new Way(method, $"density: {density}, epsilon: 0.1", ones),
            .. from method in CutMethods from density in RandomDensities select new Way(method, $"density: {density}, gamma: 0.01", ones),
            new("sce"), new("sce", "select_topk: 0.2"), new("ram"), new("ramplus_tl"), new("model_stock"),
            new("nearswap", "t: 0.001", FirstIsBase: true), new("arcee_fusion", FirstIsBase: true),
        ];
        // One input as it is merges nothing.
        return ways.Concat(MergeRecipe.Methods.Except(ways.Select(way => way.Method)).Where(method => method != "passthrough").Select(method => new Way(method)));
    }

    /// <summary>The recipe over these files.</summary>
    /// <param name="origin">The base.</param>
    /// <param name="tuned">What was tuned from it.</param>
    /// <param name="texts">A file of texts for each of them.</param>
    public string Recipe(string origin, IReadOnlyList<string> tuned, IReadOnlyList<string> texts)
    {
        List<string> lines = [$"merge_method: {Method}", $"parameters: {{ {Shared} }}", "out_dtype: float32"];
        if (HasBase)
            lines.Add($"base_model: {Path.GetFullPath(FirstIsBase ? tuned[0] : origin)}");
        lines.Add("models:");
        for (var index = FirstIsBase ? 1 : 0; index < tuned.Count; index++)
            lines.Add($"  - {{ model: {Path.GetFullPath(tuned[index])}, parameters: {{ {string.Join(", ", Parameters(index, tuned.Count, texts))} }} }}");
        return string.Join('\n', lines);
    }

    bool HasBase => Method is not ("linear" or "karcher" or "fisher" or "regmean" or "git_rebasin" or "zipit");

    IEnumerable<string> Parameters(int index, int count, IReadOnlyList<string> texts)
    {
        if (!FirstIsBase && Method is not ("sce" or "ram" or "ramplus_tl" or "model_stock" or "zipit"))
            yield return $"weight: {Weights?[index] ?? 1.0 / count}";
        if (Method is "fisher" or "regmean" or "zipit")
            yield return $"data: {texts[index]}";
    }
}

/// <summary>Makes every merge in a temporary folder, measures it, and prints the tables.</summary>
sealed class Study(Losses losses, string origin, IReadOnlyList<string[]> tuned, string? only)
{
    readonly List<Row> _rows = [];

    IReadOnlyList<string> Paths => [.. tuned.Select(model => model[0])];

    public int Run()
    {
        var begin = Stopwatch.GetTimestamp();
        var zero = Measured("base", losses.Of(origin), null);
        List<Row> models = [.. tuned.Select(model => Measured(Path.GetFileNameWithoutExtension(model[0]), losses.Of(model[0]), null))];
        int[] aims = [.. models.Select((model, index) => Aim(zero, model, tuned[index].ElementAtOrDefault(1)))];
        List<(string Name, string Why)> leftOut = [];
        var folder = Directory.CreateTempSubdirectory("merge-study-").FullName;
        List<string> texts = [.. aims.Select((_, index) => Path.Combine(folder, $"texts-{index}.jsonl"))];
        for (var index = 0; index < aims.Length; index++)
            losses.WriteTexts(losses.Domains[aims[index]], origin, texts[index]);
        foreach (var way in Way.All(tuned.Count).Where(way => only is null || way.Method == only))
            if (Merge(way, Path.Combine(folder, "merged.gguf"), texts) is { } why)
                leftOut.Add((way.Name, why));
        Directory.Delete(folder, recursive: true);
        Print(zero, models, aims);
        foreach (var (name, why) in leftOut)
            Console.WriteLine($"\nLeft out: {name}: {why}");
        Console.WriteLine(FormattableString.Invariant($"\n{_rows.Count} models, {Stopwatch.GetElapsedTime(begin).TotalSeconds:F0} s."));
        return 0;
    }

    /// <summary>Merges and measures; says why where the method cannot merge these models.</summary>
    string? Merge(Way way, string path, IReadOnlyList<string> texts)
    {
        try
        {
            var begin = Stopwatch.GetTimestamp();
            using (var plan = MergeRecipe.Parse(way.Recipe(origin, Paths, texts), "study.yml").Plan(new MergeOptions { Threads = losses.Threads, Overwrite = true }))
                plan.Save(path);
            Measured(way.Name, losses.Of(path), Stopwatch.GetElapsedTime(begin));
            return null;
        }
        catch (Exception fault) when (fault is RecipeException or UnsupportedModelException)
        {
            Console.Error.WriteLine($"{way.Name}: {fault.Message}");
            return fault.Message;
        }
    }

    Row Measured(string name, double[] loss, TimeSpan? time)
    {
        var row = new Row(name, loss, time is not null);
        _rows.Add(row);
        Console.Error.WriteLine($"{name}: mean {loss.Average():F4}{(time is { } taken ? $", {taken.TotalSeconds:F1} s" : "")}");
        return row;
    }

    /// <summary>The domain that a model was tuned on.</summary>
    int Aim(Row zero, Row model, string? named)
    {
        var index = named is null ? Enumerable.Range(0, zero.Losses.Length).MaxBy(domain => zero.Losses[domain] - model.Losses[domain]) : losses.Domains.ToList().IndexOf(named);
        return index >= 0 ? index : throw new ArgumentException($"The tokens hold no held-out texts of '{named}'; found {string.Join(", ", losses.Domains)}.");
    }

    void Print(Row zero, List<Row> models, int[] aims)
    {
        double[] Kept(Row row) => [.. aims.Select((aim, index) => (zero.Losses[aim] - row.Losses[aim]) / (zero.Losses[aim] - models[index].Losses[aim]))];
        int[] others = [.. Enumerable.Range(0, losses.Domains.Count).Except(aims)];
        var best = _rows.Where(row => row.IsMerge).MaxBy(row => Kept(row).Min());
        Console.WriteLine($"| model | {string.Join(" | ", aims.Select(aim => losses.Domains[aim]))} | mean of these | other domains | {string.Join(" | ", models.Select(model => $"gain kept of {model.Name}"))} | least |");
        Console.WriteLine($"|---|{string.Concat(Enumerable.Repeat("---|", 2 * aims.Length + 3))}");
        foreach (var row in _rows)
        {
            var kept = Kept(row);
            var aimed = aims.Select(aim => row.Losses[aim]).ToList();
            string[] cells = [.. aimed.Append(aimed.Average()).Append(others.Length == 0 ? double.NaN : others.Average(domain => row.Losses[domain])).Select(loss => loss.ToString("F4")), .. kept.Append(kept.Min()).Select(share => share.ToString("P0"))];
            Console.WriteLine(row == best ? $"| **{row.Name}** | {string.Join(" | ", cells.Select(cell => $"**{cell}**"))} |" : $"| {row.Name} | {string.Join(" | ", cells)} |");
        }
        if (best is not null)
            Console.WriteLine($"\nBest by the least gain kept: **{best.Name}**, {Kept(best).Min():P0}. Best by the mean of {string.Join(" and ", aims.Select(aim => losses.Domains[aim]))}: **{_rows.Where(row => row.IsMerge).MinBy(row => aims.Average(aim => row.Losses[aim]))!.Name}**.");
        Console.WriteLine($"\n| model | {string.Join(" | ", losses.Domains)} |\n|---|{string.Concat(Enumerable.Repeat("---|", losses.Domains.Count))}");
        foreach (var row in _rows)
            Console.WriteLine($"| {row.Name} | {string.Join(" | ", row.Losses.Select(loss => loss.ToString("F3")))} |");
    }

    /// <summary>A model that was measured.</summary>
    sealed record Row(string Name, double[] Losses, bool IsMerge);
}
