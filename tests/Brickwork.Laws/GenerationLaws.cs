namespace Brickwork.Laws;

public class GenerationLaws
{
    static readonly string[] Prompts = ["", "a b c", "once upon a time there was a brick", "z", "lines\nand\nmore lines, ünïcode too"];

    [Theory, MemberData(nameof(EveryModel.Picos), MemberType = typeof(EveryModel))]
    public void A_greedy_text_is_the_same_alone_and_among_others(string name)
    {
        using var model = EveryModel.Load(name, new LoadOptions { Threads = 2 });
        var options = new GenerationOptions { Sampling = SamplingOptions.Greedy, MaxTokens = 12 };
        foreach (var cache in Enum.GetValues<CacheType>())
        {
            using var generator = model.CreateGenerator(new RunnerOptions { CacheType = cache });
            foreach (var atOnce in (int[])[1, 2, Prompts.Length])
            {
                var together = generator.GenerateAll(Prompts, options, atOnce);
                foreach (var (prompt, found) in Prompts.Zip(together))
                    found.Ids.ShouldBe(generator.Generate(prompt, options).Ids, $"{cache}, {atOnce} at once: '{prompt}'");
            }
        }
    }
}
