namespace Brickwork.Laws;

public class ChunkLaws
{
    public static TheoryData<string, Precision, CacheType> EveryWayToCompute()
    {
        var data = new TheoryData<string, Precision, CacheType>();
        foreach (var name in EveryModel.PicoNames)
            foreach (var precision in Enum.GetValues<Precision>())
                foreach (var cache in Enum.GetValues<CacheType>())
                    data.Add(name, precision, cache);
        return data;
    }

    [Theory, MemberData(nameof(EveryWayToCompute))]
    public void Chunked_prefill_equals_whole_prefill(string name, Precision precision, CacheType cache)
    {
        using var model = EveryModel.Load(name, new LoadOptions { Threads = 2, Precision = precision });
        var tokens = Rows.Tokens(model, 140);
        var whole = Rows.Of(model, tokens, new RunnerOptions { CacheType = cache });

        foreach (var rows in (int[])[1, 3, 7, 64])
        {
            Rows.Of(model, tokens, new RunnerOptions { CacheType = cache, ChunkRows = rows }).ShouldHaveTheBitsOf(whole, $"in chunks of {rows}");
            Rows.Of(model, tokens, new RunnerOptions { CacheType = cache }, atOnce: rows).ShouldHaveTheBitsOf(whole, $"{rows} tokens at a time");
        }
    }
}
