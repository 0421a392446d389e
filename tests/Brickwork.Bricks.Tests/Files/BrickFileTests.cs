using System.Text;
using Brickwork.Bricks.Tests.Plug;
using Brickwork.Formats.BrickFiles;
using Brickwork.TestKit;

namespace Brickwork.Bricks.Tests.Files;

public sealed class BrickFileTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory, MemberData(nameof(PicoBricks.All), MemberType = typeof(PicoBricks))]
    public void What_is_written_is_read_back_identically(string name)
    {
        using var model = PicoModel.Llama();
        var brick = PicoBricks.Make(name, model).Describe(manifest => manifest with
        {
            Log =
            [
                new LoggedOperation { Name = "first \"quoted\"", Version = "0.0.1", Output = "abc" },
                new LoggedOperation { Name = "then", Arguments = new Dictionary<string, string> { ["a"] = "Grüße\n" }, Inputs = [new("model", "m", "hash", 3), new("brick", "b", null, 0)], Seed = -1 },
            ],
             Scores = new Dictionary<string, double> { ["nll"] = 1.25 }, Licence = "MIT", Provenance = "tests, Grüße",
        });
        brick.Save(_folder.File("a.brick"));

        var read = Brick.Open(_folder.File("a.brick"));

        read.Manifest.Content!.Length.ShouldBe(64);
        (read.Manifest with { Log = [], Slots = [], Scores = new Dictionary<string, double>() }).ToString()
            .ShouldBe((brick.Manifest with { Log = [], Slots = [], Scores = new Dictionary<string, double>() }).ToString());
        read.Manifest.Log.ShouldBe(brick.Manifest.Log);
        read.Manifest.Slots.ShouldBe(brick.Manifest.Slots);
        read.Manifest.Scores.ShouldBe(brick.Manifest.Scores);
        read.Tensors.Keys.ShouldBe(brick.Tensors.Keys, ignoreOrder: true);
        read.LargestDifference(brick).ShouldBe(0);
        read.Parameters.ShouldBe(brick.Parameters);
        read.Save(_folder.File("b.brick"));
        File.ReadAllBytes(_folder.File("b.brick")).ShouldBe(File.ReadAllBytes(_folder.File("a.brick")));
    }

    [Fact]
    public void A_changed_value_is_found_out_by_the_content_hash()
    {
        using var model = PicoModel.Llama();
        PicoBricks.Make("lora", model).Save(_folder.File("a.brick"));
        var bytes = File.ReadAllBytes(_folder.File("a.brick"));
        bytes[^3] ^= 1;
        File.WriteAllBytes(_folder.File("a.brick"), bytes);

        Should.Throw<CheckpointException>(() => Brick.Open(_folder.File("a.brick"))).Message.ShouldContain("hash");
    }

    [Fact]
    public void A_value_that_is_no_number_is_refused_with_its_tensor()
    {
        using var model = PicoModel.Llama();
        var brick = PicoBricks.Make("lora", model);
        brick.Tensors["blk.0.attn_q.weight.lora_a"].Floats[5] = float.NaN;
        brick.Save(_folder.File("a.brick"));

        Should.Throw<CheckpointException>(() => Brick.Open(_folder.File("a.brick"))).Message.ShouldContain("blk.0.attn_q.weight.lora_a");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void A_factor_that_is_not_one_value_is_refused(int values)
    {
        var (random, path) = (new Random(1), _folder.File("a.brick"));
        PicoBricks.Of("poet", BrickKind.Lora, ("blk.0.attn_q.weight.lora_a", PicoBricks.Draw(random, 1, 2, 32)), ("blk.0.attn_q.weight.lora_b", PicoBricks.Draw(random, 1, 32, 2)),
            ("blk.0.attn_q.weight.lora_factor", Tensor.Zeros(values))).Save(path);

        Should.Throw<CheckpointException>(() => Brick.Open(path)).Message.ShouldContain($"blk.0.attn_q.weight.lora_factor' in {path} is [{values}]");
    }

    [Theory]
    [InlineData("\"kind\":\"lora\"", "\"kind\":\"poem\"", "unknown kind 'poem'")]
    [InlineData("\"licence\"", "\"license\"", "unknown entry 'license'")]
    [InlineData("\"granularity\":\"matrix\"", "\"granularity\":\"atom\"", "unknown granularity 'atom'")]
    [InlineData("\"version\":1", "\"version\":9", "version 9")]
    [InlineData("\"id\":\"lora-1\"", "\"id\":\"\"", "no id")]
    [InlineData("\"id\":\"lora-1\"", "\"id\":\"../poet\"", "'../poet'")]
    [InlineData("\"id\":\"lora-1\"", "\"id\":\"a\\\\b\"", "'a\\b'")]
    [InlineData("\"id\":\"lora-1\"", "\"id\":\"a\\nb\"", "'a b'")]
    public void A_manifest_that_says_something_unknown_is_refused(string text, string instead, string message)
    {
        using var model = PicoModel.Llama();
        var json = ManifestJson.Write(PicoBricks.Make("lora", model).Manifest);
        json.ShouldContain(text);

        Should.Throw<BrickworkException>(() => ManifestJson.Read(json.Replace(text, instead, StringComparison.Ordinal), "a.brick")).Message.ShouldContain(message);
    }

    [Theory]
    [InlineData("a.brick"), InlineData("a.gguf"), InlineData("peft")]
    public void A_name_that_leaves_a_folder_is_neither_read_nor_written(string form)
    {
        using var model = PicoModel.Llama();
        var brick = PicoBricks.Make("lora", model);
        Should.Throw<CheckpointException>(() => Save(brick.Describe(manifest => manifest with { Id = "../poet" }))).Message.ShouldContain("'../poet'");
        Directory.GetFileSystemEntries(_folder.Path).ShouldBeEmpty();
        Save(brick);
        var file = Directory.Exists(_folder.File(form)) ? Directory.GetFiles(_folder.File(form), "*.safetensors").Single() : _folder.File(form);
        // As long as it was, so that nothing else in the file moves.
        File.WriteAllText(file, File.ReadAllText(file, Encoding.Latin1).Replace("lora-1", "../old", StringComparison.Ordinal), Encoding.Latin1);

        Should.Throw<CheckpointException>(() => Brick.Open(_folder.File(form), model)).Message.ShouldContain("'../old'");

        void Save(Brick named)
        {
            if (form == "a.brick")
                named.Save(_folder.File(form));
            else if (form == "a.gguf")
                named.SaveGguf(_folder.File(form), model);
            else
                named.SavePeft(_folder.File(form), model);
        }
    }

    [Fact]
    public void An_existing_file_is_replaced_only_when_asked()
    {
        using var model = PicoModel.Llama();
        var brick = PicoBricks.Make("ia3", model);
        brick.Save(_folder.File("a.brick"));

        Should.Throw<CheckpointException>(() => brick.Save(_folder.File("a.brick")));
        brick.Save(_folder.File("a.brick"), new SaveOptions { Existing = ExistingFiles.Replace });
        Directory.GetFiles(_folder.Path).ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(BrickTensors.Shift, 4, 6)]
    [InlineData(BrickTensors.Shift, 6, 4)]
    [InlineData(BrickTensors.LoraUp, 4, 6)]
    [InlineData(BrickTensors.LoraUp, 6, 4)]
    public void Bricks_for_models_of_other_sizes_are_not_compared(string role, int first, int second)
    {
        var ex = Should.Throw<RecipeException>(() => Sized(first).LargestDifference(Sized(second)));

        ex.Message.ShouldContain("blk.0.attn_q.weight");
        ex.Message.ShouldContain("4");
        ex.Message.ShouldContain("6");

        Brick Sized(int width) => role == BrickTensors.Shift ? PicoBricks.Of("shift", BrickKind.BitFit, ("blk.0.attn_q.weight" + role, Tensor.Zeros(width)))
            : PicoBricks.Of("low", BrickKind.Lora, ("blk.0.attn_q.weight" + BrickTensors.LoraDown, Tensor.Zeros(2, 3)), ("blk.0.attn_q.weight" + role, Tensor.Zeros(width, 2)));
    }

    [Fact]
    public void What_is_no_brick_is_refused_with_a_next_step()
    {
        using var model = PicoModel.Llama();
        PicoModel.Save(PicoModel.LlamaCheckpoint(), _folder.File("model.gguf"));
        Directory.CreateDirectory(_folder.File("empty"));

        Should.Throw<CheckpointException>(() => Brick.Open(_folder.File("model.gguf"))).Message.ShouldContain("is a model");
        Should.Throw<CheckpointException>(() => Brick.Open(_folder.File("empty"))).Message.ShouldContain("adapter_config.json");
        Should.Throw<CheckpointException>(() => Brick.Open(_folder.File("missing.brick")));
    }
}
