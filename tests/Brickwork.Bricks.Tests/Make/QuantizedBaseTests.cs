using Brickwork.Bricks.Tests.Plug;
using Brickwork.Formats.BrickFiles;
using Brickwork.Models.Parts;
using Brickwork.Tensors.Weights;
using Brickwork.TestKit;

namespace Brickwork.Bricks.Tests.Make;

/// <summary>Bricks that keep weights, or changes of weights, in few bits.</summary>
public sealed class QuantizedBaseTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Normal_floats_are_the_nearest_of_sixteen_levels_and_take_little_more_than_four_bits()
    {
        var random = new SeededRandom(5);
        var rows = Enumerable.Range(0, 512).Select(_ => Enumerable.Range(0, 256).Select(_ => (float)random.NextGaussian()).ToArray()).ToArray();

        var matrix = new Nf4Matrix(512, 256, (row, values) => rows[row].CopyTo(values, 0));

        (matrix.Bytes * 8.0 / (512 * 256)).ShouldBe(4.127, 0.001);
        var (error, power, seen) = (0.0, 0.0, new float[256]);
        for (var row = 0; row < 512; row++)
        {
            matrix.Read(row, seen);
            seen.Take(64).Select(value => value / seen.Take(64).Max(Math.Abs)).Select(share => MathF.Round(share, 3)).Distinct().Count().ShouldBeLessThanOrEqualTo(16);
            for (var column = 0; column < 256; column++)
            {
                error += Math.Pow(seen[column] - rows[row][column], 2);
                power += Math.Pow(rows[row][column], 2);
            }
        }
        // What bitsandbytes reaches for normal values in blocks of 64.
        (error / power).ShouldBeInRange(0.006, 0.010);
    }

    [Fact]
    public void A_matrix_of_zeros_and_one_of_odd_width_come_back()
    {
        float[] values = [0, 1, -1, 0, 0.5626170039176941f];
        var matrix = new Nf4Matrix(2, 5, (row, line) => Array.ConvertAll(values, value => value * row).CopyTo(line, 0));
        var seen = new float[5];

        matrix.Read(0, seen);
        seen.ShouldAllBe(value => Math.Abs(value) < 1e-6);
        matrix.Read(1, seen);
        for (var column = 0; column < 5; column++)
            seen[column].ShouldBe(values[column], 1e-5);
    }

    [Fact]
    public void QLora_works_over_rounded_weights_and_gives_them_back_when_it_is_unplugged()
    {
        using var model = PicoModel.Llama();
        var brick = PicoBricks.Begin("qlora", model);
        using var plugged = model.Plug(brick);

        var shift = Distance(PlugLaws.Logits(plugged), PlugLaws.Logits(model));

        shift.ShouldBeInRange(1e-4, 0.5, "4 bits are felt, and not much");
        using var unplugged = plugged.Unplug(brick.Id);
        PlugLaws.Logits(unplugged).ShouldBe(PlugLaws.Logits(model));
        Should.Throw<RecipeException>(() => model.Plug(brick, 0.5f)).Message.ShouldContain("0.5");
        plugged.Decoder.Find("layers.0.attention.query.base.now").ShouldBeOfType<CodedLinear>();
    }

    [Fact]
    public void Bit_deltas_bring_the_weights_nearer_to_those_of_the_tuned_model()
    {
        using var model = PicoModel.Llama();
        using var other = PicoModel.Llama(seed: 9);
        ModelConverter.Convert(other.Checkpoint, _folder.File("tuned.gguf"), new ConvertOptions { Type = "F32" });
        var recipe = new NewBitDelta { Id = "delta", Targets = NewBrick.LinearLayers, Tuned = _folder.File("tuned.gguf") };

        var brick = recipe.Make(model);

        recipe.CountParameters(model).ShouldBe(7 * model.Config.Layers, "one size for each matrix");
        const string Name = "blk.0.ffn_up.weight";
        var (from, to) = (model.Checkpoint.Open(Name).ToFloats(), other.Checkpoint.Open(Name).ToFloats());
        var signs = new SignMatrix(brick.Tensors[Name + BrickTensors.DeltaSigns], from.Columns);
        var size = brick.Tensors[Name + BrickTensors.DeltaFactor].Floats[0];
        var (before, after, total, line) = (0.0, 0.0, 0.0, new float[from.Columns]);
        for (var row = 0; row < from.Rows; row++)
        {
            signs.Read(row, line);
            for (var column = 0; column < line.Length; column++)
            {
                var change = to.Row(row)[column] - from.Row(row)[column];
                Math.Sign(line[column]).ShouldBe(change > 0 ? 1 : -1);
                total += Math.Abs(change);
                before += change * change;
                after += Math.Pow(change - size * line[column], 2);
            }
        }
        size.ShouldBe((float)(total / from.Floats.Length), 1e-5);
        after.ShouldBeLessThan(before);
        brick.Save(_folder.File("delta.brick"));
        Brick.Open(_folder.File("delta.brick")).LargestDifference(brick).ShouldBe(0);
        using var plugged = model.Plug(brick);
        using var half = model.Plug(brick, 0.5f);
        Distance(PlugLaws.Logits(half), PlugLaws.Logits(model)).ShouldBeLessThan(Distance(PlugLaws.Logits(plugged), PlugLaws.Logits(model)));
    }

    [Fact]
    public void A_tuned_model_of_other_sizes_is_refused()
    {
        using var model = PicoModel.Llama();
        var recipe = new NewBitDelta { Id = "delta", Targets = NewBrick.LinearLayers, Tuned = SharedData.InRepository("models", "stories260k.gguf") };

        Should.Throw<RecipeException>(() => recipe.Make(model)).Message.ShouldContain("layers.0.attention.query");
    }

    [Fact]
    public void Pissa_begins_where_the_model_is_and_becomes_a_lora_of_twice_the_rank()
    {
        using var model = PicoModel.Llama();
        var start = PicoBricks.Begin("pissa", model);
        using var begun = model.Plug(start);
        Distance(PlugLaws.Logits(begun), PlugLaws.Logits(model)).ShouldBeLessThan(1e-5);

        var moved = PicoBricks.Make("pissa", model);
        using var trained = model.Plug(moved);
        var lora = trained.TakeBrick(moved);

        (lora.Kind, lora.Rank).ShouldBe((BrickKind.Lora, 2 * start.Rank));
        using var converted = model.Plug(lora);
        Distance(PlugLaws.Logits(converted), PlugLaws.Logits(trained)).ShouldBeLessThan(1e-5);
        Distance(PlugLaws.Logits(trained), PlugLaws.Logits(model)).ShouldBeGreaterThan(1e-3);
        lora.SavePeft(_folder.File("peft"), model);
        Brick.Open(_folder.File("peft"), model).LargestDifference(lora).ShouldBeLessThan(1e-6);
    }

    [Fact]
    public void The_factors_of_pissa_are_the_leading_part_of_the_weights()
    {
        using var model = PicoModel.Llama();
        var brick = new NewPissa { Id = "whole", Targets = new("layers.0.attention.value"), Rank = 16, Alpha = 4 }.Make(model);
        var weight = model.Checkpoint.Open("blk.0.attn_v.weight").ToFloats();
        var (down, up) = (brick.Tensors["blk.0.attn_v.weight.lora_a"], brick.Tensors["blk.0.attn_v.weight.lora_b"]);

        for (var row = 0; row < weight.Rows; row++)
            for (var column = 0; column < weight.Columns; column++)
                (4f / 16 * Enumerable.Range(0, 16).Sum(rank => up.Row(row)[rank] * down.Row(rank)[column])).ShouldBe(weight.Row(row)[column], 1e-4);
    }

    [Fact]
    public void Dora_in_training_keeps_no_norms_of_factors_that_change()
    {
        using var model = PicoModel.Llama();
        var start = PicoBricks.Make("dora", model);
        using var trainable = model.TrainBrick(start);
        PlugLaws.Logits(trainable.Model);
        foreach (var value in trainable.Parameters)
            value.Value.Floats[0] += 0.5f;

        using var fresh = model.Plug(trainable.Model.TakeBrick(start));

        PlugLaws.Logits(trainable.Model).ShouldBe(PlugLaws.Logits(fresh));
    }

    static double Distance(float[] a, float[] b) => Math.Sqrt(a.Zip(b, (x, y) => Math.Pow(x - y, 2)).Sum() / b.Sum(y => (double)y * y));
}
