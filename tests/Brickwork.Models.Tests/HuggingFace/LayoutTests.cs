using Brickwork.Models.HuggingFace;
using Brickwork.Models.HuggingFace.Transforms;

namespace Brickwork.Models.Tests.HuggingFace;

/// <summary>Where each value of Hugging Face's layout goes, said by hand; that the way back is the inverse, the round trips tell.</summary>
public class LayoutTests
{
    // H = 2 heads of K = 4 values, 1 head of keys and values; values tell their own place.
    static readonly CanonicalModel Model = Sizes(heads: 2, kvHeads: 1);

    [Fact]
    public void Values_that_turn_together_become_neighbours() =>
        Read(RowOrder.RotatedQueries, Sequence(8)).ShouldBe([0, 2, 1, 3, 4, 6, 5, 7]);

    [Fact]
    public void Heads_of_query_key_and_value_are_collected_by_kind() =>
        Read(RowOrder.HeadByHead, Sequence(12)).ShouldBe([0, 1, 6, 7, /* keys */ 2, 3, 8, 9, /* values */ 4, 5, 10, 11]);

    [Fact]
    public void Groups_of_queries_with_a_key_and_a_value_are_collected_by_kind()
    {
        // Two groups of two queries, a key and a value each, one row wide.
        var order = Read(RowOrder.GroupByGroup, Sequence(8), Sizes(heads: 4, kvHeads: 2));

        order.ShouldBe([0, 1, 4, 5, /* keys */ 2, 6, /* values */ 3, 7]);
    }

    [Fact]
    public void A_matrix_of_inputs_by_outputs_is_turned_over() =>
        Read(new Transposed(), Tensor.From([0, 1, 2, 3, 4, 5], 2, 3)).ShouldBe([0, 3, 1, 4, 2, 5]);

    [Fact]
    public void A_gain_kept_less_one_gets_it_back() => Read(new PlusOne(), Tensor.From([-1, 0, 0.5f], 3)).ShouldBe([0, 1, 1.5f]);

    [Fact]
    public void Experts_are_stacked_in_order()
    {
        var stacked = Recipes(Stacked.Experts, Model, 1, Tensor.From([0, 1], 1, 2), Tensor.From([2, 3], 1, 2))[0];

        stacked.Info.Shape.ShouldBe(new Shape(2, 1, 2));
        stacked.Make().Floats.ToArray().ShouldBe([0, 1, 2, 3]);
    }

    [Fact]
    public void The_first_half_of_every_expert_is_its_gate()
    {
        var parts = Recipes(new Halves(), Model, 2, Tensor.From([0, 1, 2, 3, 4, 5, 6, 7], 2, 4, 1));

        parts[0].Make().Floats.ToArray().ShouldBe([0, 1, 4, 5]);
        parts[1].Make().Floats.ToArray().ShouldBe([2, 3, 6, 7]);
    }

    [Fact]
    public void Even_columns_of_an_expert_of_gpt_oss_are_its_gate()
    {
        // One expert, D = 2 inputs, I = 2: columns gate 0, up 0, gate 1, up 1.
        var parts = Recipes(new InterleavedExperts(), Model, 2, Tensor.From([0, 1, 2, 3, 4, 5, 6, 7], 1, 2, 4));

        parts[0].Info.Shape.ShouldBe(new Shape(1, 2, 2));
        parts[0].Make().Floats.ToArray().ShouldBe([0, 4, 2, 6]);
        parts[1].Make().Floats.ToArray().ShouldBe([1, 5, 3, 7]);
    }

    [Fact]
    public void Packed_neighbours_become_values_sixteen_apart()
    {
        // Value i is i mod 8, so that each nibble tells its place; byte i holds values 2i and 2i + 1.
        byte[] nibbles = [.. Enumerable.Range(0, 16).Select(i => (byte)(2 * i % 8 | (2 * i + 1) % 8 << 4))];
        var block = new byte[17];

        PackedExperts.Pack(nibbles, [127], block);

        block[0].ShouldBe((byte)127);
        for (var i = 0; i < 16; i++)
            ((block[1 + i] & 15), block[1 + i] >> 4).ShouldBe((i % 8, (i + 16) % 8), $"byte {i}");
    }

    [Fact]
    public void The_way_from_the_latent_is_parted_into_keys_turned_over_and_values()
    {
        var model = Sizes(heads: 2, kvHeads: 1);
        model.Set("attention.key_length_mla", 4u);
        model.Set("rope.dimension_count", 2u);
        model.Set("attention.value_length_mla", 1u);
        // Head by head: two rows of keys and one of values, L = 2.
        var parts = Recipes(new LatentKeyValue(), model, 2, Tensor.From([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], 6, 2));

        parts[0].Info.Shape.ShouldBe(new Shape(2, 2, 2));
        parts[0].Make().Floats.ToArray().ShouldBe([0, 2, 1, 3, 6, 8, 7, 9]);
        parts[1].Make().Floats.ToArray().ShouldBe([4, 5, 10, 11]);
    }

    static CanonicalModel Sizes(uint heads, uint kvHeads)
    {
        var model = new CanonicalModel("llama", new Metadata("a test"));
        model.Set("block_count", 1u);
        model.Set("embedding_length", 8u);
        model.Set("attention.head_count", heads);
        model.Set("attention.head_count_kv", kvHeads);
        model.Set("expert_count", 2u);
        return model;
    }

    static Tensor Sequence(int rows) => Tensor.From([.. Enumerable.Range(0, rows).Select(row => (float)row)], rows, 1);

    static float[] Read(TensorTransform transform, Tensor tensor, CanonicalModel? model = null) =>
        Recipes(transform, model ?? Model, 1, tensor)[0].Make().Floats.ToArray();

    static TensorRecipe[] Recipes(TensorTransform transform, CanonicalModel model, int outputs, params Tensor[] sources)
    {
        var rule = new TensorRule([.. Enumerable.Range(0, outputs).Select(index => $"out{index}")], [.. sources.Select((_, index) => $"in{index}")], transform);
        var instance = new RuleInstance(rule, 0, rule.Canonical, rule.Names);
        return [.. transform.Read(instance, [.. sources.Select((tensor, index) => new TensorSource(new TensorInfo($"in{index}", tensor.Type, tensor.Shape), () => tensor))], model)];
    }
}
