using Brickwork.Formats.BrickFiles;
using Brickwork.TestKit;

namespace Brickwork.Bricks.Tests.Plug;

/// <summary>Prompts and prefixes: tokens that bricks put before a text.</summary>
public sealed class VirtualTokenTests : IDisposable
{
    static readonly int[] Before = [40, 7, 123], Text = [5, 17, 33, 101, 250, 9];

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_prompt_of_the_rows_of_tokens_says_what_these_tokens_say()
    {
        using var model = PicoModel.Llama();
        using var plugged = model.Plug(PromptOf(model));

        PlugLaws.Logits(plugged, text: Text).ShouldBe(PlugLaws.Logits(model, text: [.. Before, .. Text]));
    }

    [Fact]
    public void A_prefix_of_the_keys_and_values_of_tokens_says_what_these_tokens_say()
    {
        using var model = PicoModel.Llama();
        using var plugged = model.Plug(PrefixOf(model));

        PlugLaws.Logits(plugged, text: Text).ShouldBe(PlugLaws.Logits(model, text: [.. Before, .. Text]));
    }

    [Fact]
    public void Losses_in_training_are_those_of_the_text_behind_the_tokens()
    {
        using var model = PicoModel.Llama();
        using var trainable = model.TrainBrick(PromptOf(model));
        using var plain = model.TrainBrick(PicoBricks.Begin("lora", model));
        int[] next = [.. Text[1..], -1], nothing = [.. Before.Select(_ => -1)];

        var loss = trainable.Evaluate(new TokenBatch([.. Text, .. Text], [.. next, .. next], [Text.Length, Text.Length]));

        loss.Tokens.ShouldBe(2 * (Text.Length - 1));
        loss.Nats.ShouldBe(2 * plain.Evaluate(new TokenBatch([.. Before, .. Text], [.. nothing, .. next], [Before.Length + Text.Length])).Nats, 1e-5);
    }

    [Theory, InlineData("prompt"), InlineData("prefix")]
    public void Tokens_that_leave_no_room_for_a_text_are_refused(string name)
    {
        using var model = PicoModel.Llama();
        using var plugged = model.Plug(PicoBricks.Make(name, model));

        foreach (var context in (int[])[2, 3])
            Should.Throw<RecipeException>(() => plugged.CreateRunner(new RunnerOptions { Context = context })).Message.ShouldContain($"context of {context}");
        using var runner = plugged.CreateRunner(new RunnerOptions { Context = 4 });
        runner.Context.ShouldBe(1);
    }

    [Theory, InlineData("prompt"), InlineData("prefix")]
    public void Chunks_batches_and_neighbours_change_no_bit(string name)
    {
        using var model = PicoModel.Llama();
        var brick = PicoBricks.Make(name, model);
        using var plugged = model.Plug(brick);
        var alone = PlugLaws.Logits(plugged, text: Text);
        using var runner = plugged.CreateRunner();
        using var prompted = runner.StartSequence();
        using var without = runner.StartSequence(BrickStrengths.None);

        runner.Forward(new Batch().Add(prompted, Text.AsSpan(0, 2), LogitRows.None).Add(without, Text.AsSpan(0, 1), LogitRows.None));
        runner.Forward(new Batch().Add(prompted, Text.AsSpan(2, 1), LogitRows.None).Add(without, Text.AsSpan(1, 4), LogitRows.None));
        var together = runner.Forward(new Batch().Add(prompted, Text.AsSpan(3)).Add(without, Text.AsSpan(5)));

        together.Row(0).ToArray().ShouldBe(alone);
        together.Row(1).ToArray().ShouldBe(PlugLaws.Logits(model, text: Text));
        alone.ShouldNotBe(PlugLaws.Logits(model, text: Text));
    }

    [Theory, InlineData("prompt"), InlineData("prefix")]
    public void A_text_may_be_taken_back_and_saved(string name)
    {
        using var model = PicoModel.Llama();
        using var plugged = model.Plug(PicoBricks.Make(name, model));
        var expected = PlugLaws.Logits(plugged, text: Text);
        using var runner = plugged.CreateRunner();
        using var sequence = runner.StartSequence();
        runner.Forward(sequence, [.. Text.AsSpan(0, 3), 77, 78]);

        sequence.TryTruncate(3).ShouldBeTrue();
        using var stream = new MemoryStream();
        sequence.Save(stream);
        stream.Position = 0;
        using var again = runner.LoadSequence(stream);

        again.Tokens.ToArray().ShouldBe(Text[..3]);
        runner.Forward(again, Text.AsSpan(3)).Row(0).ToArray().ShouldBe(expected);
        sequence.TryTruncate(0).ShouldBeTrue();
        runner.Forward(sequence, Text).Row(0).ToArray().ShouldBe(expected);
        runner.Context.ShouldBe(model.Config.Context - 3);
    }

    [Theory, InlineData("prompt"), InlineData("prefix")]
    public void Unplugged_nothing_stands_before_the_text_any_more(string name)
    {
        using var model = PicoModel.Llama();
        var brick = PicoBricks.Make(name, model);
        using var plugged = model.Plug(brick);
        using var unplugged = plugged.Unplug(brick.Id);

        PlugLaws.Logits(unplugged).ShouldBe(PlugLaws.Logits(model));
        PlugLaws.Logits(plugged, BrickStrengths.None).ShouldBe(PlugLaws.Logits(model));
        Should.Throw<RecipeException>(() => model.Plug(brick, 0.5f)).Message.ShouldContain("0.5");
    }

    [Fact]
    public void Two_bricks_stand_one_behind_the_other()
    {
        using var model = PicoModel.Llama();
        var (prompt, prefix) = (PromptOf(model), PicoBricks.Make("prefix", model));
        using var one = model.Plug(prompt);
        using var both = one.Plug(prefix);

        PlugLaws.Logits(both, BrickStrengths.Only(prompt.Id)).ShouldBe(PlugLaws.Logits(one));
        PlugLaws.Logits(both).ShouldNotBe(PlugLaws.Logits(one));
    }

    [Theory, InlineData("prompt"), InlineData("prefix")]
    public void A_folder_of_peft_is_read_back_to_the_same_brick(string name)
    {
        using var model = PicoModel.Llama();
        var brick = PicoBricks.Make(name, model);
        brick.SavePeft(_folder.File("peft"), model);

        var read = Brick.Open(_folder.File("peft"), model);

        read.Kind.ShouldBe(brick.Kind);
        read.LargestDifference(brick).ShouldBeLessThan(1e-5);
    }

    [Fact]
    public void Keys_in_a_folder_of_peft_are_turned_by_their_positions()
    {
        using var model = PicoModel.Llama();
        var brick = PicoBricks.Make("prefix", model);
        brick.SavePeft(_folder.File("peft"), model);

        using var file = SafetensorsCheckpoint.OpenFile(_folder.File("peft", "adapter_model.safetensors"));

        var rows = file.Open("prompt_embeddings").ToFloats();
        (rows.Rows, rows.Columns).ShouldBe((3, 2 * 2 * 16), "a key and a value of 16 for each of two layers");
        var keys = brick.Tensors["layers.0.attention.prefix_keys"];
        // At position 0 nothing turns; heads of 8 values hold neighbours here that are half a head apart there.
        rows.Row(0)[..8].ToArray().ShouldBe([.. new[] { 0, 2, 4, 6, 1, 3, 5, 7 }.Select(column => keys.Row(0)[column])]);
        // The fastest pair turns by one radian at position 1.
        rows.Row(1)[0].ShouldBe(keys.Row(1)[0] * MathF.Cos(1) - keys.Row(1)[1] * MathF.Sin(1), 1e-5);
        var values = brick.Tensors["layers.0.attention.prefix_values"];
        rows.Row(1)[16..32].ToArray().ShouldBe(values.Row(1).ToArray());
    }

    static Brick PromptOf(LanguageModel model)
    {
        var table = model.Checkpoint.Open("token_embd.weight").ToFloats();
        var rows = Tensor.Zeros(Before.Length, table.Columns);
        for (var row = 0; row < Before.Length; row++)
            table.Row(Before[row]).CopyTo(rows.Row(row));
        return PicoBricks.Of("tokens", BrickKind.Prompt, ("embedding" + BrickTensors.Prompt, rows));
    }

    static Brick PrefixOf(LanguageModel model)
    {
        var seen = new Dictionary<string, Tensor>();
        var watched = model.Decoder;
        foreach (var layer in Enumerable.Range(0, model.Config.Layers))
            foreach (var name in (string[])["key", "value"])
            {
                var slot = $"layers.{layer}.attention.{name}";
                watched = watched.With(slot, new Watched(watched.Find(slot), rows => seen[$"layers.{layer}.attention.prefix_{name}s"] = rows));
            }
        using var spied = model.With(watched);
        PlugLaws.Logits(spied, text: Before);
        return PicoBricks.Of("keys", BrickKind.Prefix, [.. seen.Select(entry => (entry.Key, entry.Value))]);
    }

    sealed record Watched(IPart Base, Action<Tensor> See) : IPart
    {
        public Tensor Forward(Tensor input, ForwardContext context)
        {
            var output = Base.Forward(input, context);
            See(output.Copy());
            return output;
        }
    }
}
