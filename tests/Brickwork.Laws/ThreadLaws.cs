namespace Brickwork.Laws;

public class ThreadLaws
{
    [Theory, MemberData(nameof(EveryModel.Picos), MemberType = typeof(EveryModel))]
    public void Results_do_not_depend_on_the_number_of_threads(string name)
    {
        foreach (var precision in Enum.GetValues<Precision>())
            ShouldBeTheSame(name, precision, Enum.GetValues<CacheType>(), threads: [2, 3, 5], tokens: 100);
    }

    [SkippableTheory, MemberData(nameof(Files))]
    public void Results_of_no_family_depend_on_the_number_of_threads(string name)
    {
        ShouldBeTheSame(name, Precision.Exact, [CacheType.F32], threads: [3], tokens: 20);
        ShouldBeTheSame(name, Precision.Fast, [CacheType.F16, CacheType.Q8_0, CacheType.Q4_0], threads: [3], tokens: 20);
    }

    public static TheoryData<string> Files() => [.. EveryModel.FileNames];

    static void ShouldBeTheSame(string name, Precision precision, CacheType[] caches, int[] threads, int tokens)
    {
        var single = Run(name, precision, caches, threads: 1, tokens);
        foreach (var count in threads)
            Run(name, precision, caches, count, tokens).ShouldHaveTheBitsOf(single, $"{precision}, {count} threads");
    }

    /// <summary>A prompt and some steps, with each way to store keys and values.</summary>
    static List<float[]> Run(string name, Precision precision, CacheType[] caches, int threads, int tokens)
    {
        using var model = EveryModel.Load(name, new LoadOptions { Threads = threads, Precision = precision });
        var rows = new List<float[]>();
        foreach (var cache in caches)
        {
            var options = new RunnerOptions { CacheType = cache };
            rows.AddRange(Rows.Of(model, Rows.Tokens(model, tokens), options));
            if (Rows.ReadsInPieces(model))
                rows.AddRange(Rows.Of(model, Rows.Tokens(model, 4), options, atOnce: 1));
        }
        return rows;
    }
}
