using Brickwork.Cli.Benchmarks;
using Brickwork.TestKit;

namespace Brickwork.Cli.Tests.Benchmarks;

public sealed class TokenWorkTests
{
    [Fact]
    public void A_prompt_of_one_token_takes_what_writing_one_takes()
    {
        using var model = LanguageModel.Load();

        TokenWork.OfReading(model, 1).Operations.ShouldBe(TokenWork.OfWriting(model).Operations);
    }

    [Fact]
    public void Longer_prompts_need_the_head_once()
    {
        using var model = LanguageModel.Load();
        var head = 2.0 * model.Config.Width * model.Config.Vocabulary;

        TokenWork.OfReading(model, 10).Operations.ShouldBe(TokenWork.OfWriting(model).Operations - 0.9 * head, tolerance: 1);
    }

    [Fact]
    public void Bytes_are_those_of_every_matrix_and_one_row_of_the_table()
    {
        using var model = LanguageModel.Load();
        var matrices = model.Tensors.Where(tensor => tensor.Shape.Rank == 2).Sum(tensor => (double)tensor.Bytes);
        var row = model.Tensors.Single(tensor => tensor.Name == "token_embd.weight").Type.RowBytes(model.Config.Width);

        TokenWork.OfWriting(model).Bytes.ShouldBe(matrices + row);          // the table counts in full: it is the head as well
    }

    [Fact]
    public void Operations_are_two_for_each_weight_that_is_multiplied()
    {
        using var model = LanguageModel.Load();

        TokenWork.OfWriting(model).Operations.ShouldBe(2.0 * model.Tensors.Where(tensor => tensor.Shape.Rank == 2).Sum(tensor => tensor.Shape.Count));
    }

    [Fact]
    public void The_shortest_time_is_that_of_each_kind_of_product_at_its_peak()
    {
        var work = new TokenWork(Bytes: 0, ByteOperations: 8e9, FloatOperations: 3e9);

        work.Seconds(new MachineLimits(1, 10, Gigaflops: 1, ByteGigaops: 4)).ShouldBe(2 + 3);
        work.Seconds(new MachineLimits(1, 10, Gigaflops: 1, ByteGigaops: null)).ShouldBe(8 + 3);
    }

    [Fact]
    public void Of_a_mixture_only_the_experts_that_a_row_uses_count()
    {
        using var half = Mixture(used: PicoModel.Experts / 2);
        using var all = Mixture(used: PicoModel.Experts);
        var experts = all.Tensors.Where(tensor => tensor.Shape.Rank == 3).Sum(tensor => (double)tensor.Bytes);

        experts.ShouldBeGreaterThan(0);
        (TokenWork.OfWriting(all).Bytes - TokenWork.OfWriting(half).Bytes).ShouldBe(experts / 2);
    }

    [Theory]
    [InlineData(Precision.Fast)]
    [InlineData(Precision.Exact)]
    public void Weights_multiply_as_bytes_where_their_kernel_does(Precision precision)
    {
        using var model = PicoModel.Llama(new LoadOptions { Precision = precision }, type: DType.Q8_0);
        var rounds = precision == Precision.Fast && model.Compute.InstructionSet >= InstructionSet.Avx2;

        var work = TokenWork.OfWriting(model);

        work.ByteOperations.ShouldBe(rounds ? work.Operations : 0);
    }

    static LanguageModel Mixture(int used)
    {
        var checkpoint = PicoModel.MixtureCheckpoint();
        checkpoint.Metadata.Set("llama.expert_used_count", used);
        return LanguageModel.From(checkpoint);
    }
}
