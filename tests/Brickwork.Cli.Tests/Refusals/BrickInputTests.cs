using Brickwork.TestKit;

namespace Brickwork.Cli.Tests.Refusals;

/// <summary>Bricks that do not fit are refused in words by every verb that takes one, and nothing is written.</summary>
public sealed class BrickInputTests : IDisposable
{
    const string Query = "blk.0.attn_q.weight";

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_brick_made_for_another_model()
    {
        using var model = LanguageModel.Load();
        var brick = _folder.File("poet.brick");
        new NewLora { Id = "poet", Targets = new("layers.0.attention.query"), Rank = 2 }.Make(model).Save(brick);

        await Refused(brick, "made for the model", "--any-parent");
    }

    [Fact]
    public async Task A_brick_made_for_another_model_than_a_recipe_merges_it_into()
    {
        var brick = _folder.File("poet.brick");
        using (var model = LanguageModel.Load())
            new NewLora { Id = "poet", Targets = new("layers.0.attention.query"), Rank = 2 }.Make(model).Save(brick);
        var recipe = _folder.Write("merge.yml", $"merge_method: cat\nbase_model: {Brick.Stories}\nparameters: {{weight: 1}}\nbricks: [poet.brick]\n");
        var into = _folder.Write("into.yml", $"merge_method: linear\nparameters: {{weight: 1}}\nmodels: [{Brick.Stories}+poet.brick]\n");

        (await Brick.Run("merge", recipe, _folder.File("out.brick"))).ShouldBeRefused(3, "made for the model", "--any-parent");
        (await Brick.Run("merge", into, _folder.File("out.gguf"))).ShouldBeRefused(3, "made for the model", "--any-parent");
        (await Brick.Run("merge", recipe, _folder.File("out.brick"), "--any-parent", "--quiet")).Code.ShouldBe(0);
    }

    [Fact]
    public async Task A_brick_that_was_never_worked_in()
    {
        var brick = _folder.File("poet.brick");
        using (var model = LanguageModel.Load(Brick.Stories))
            new NewLora { Id = "poet", Targets = new("layers.0.attention.query"), Rank = 2 }.Make(model).Save(brick);

        (await Brick.Run("unplug", brick, "--from-weights", "-m", Brick.Stories, "--out", _folder.File("out.gguf"), "--json")).ShouldBeRefused(3, "worked in", "--any-parent").ShouldSayItInJson();
        File.Exists(_folder.File("out.gguf")).ShouldBeFalse();
        (await Brick.Run("unplug", brick, "--from-weights", "-m", Brick.Stories, "--out", _folder.File("out.gguf"), "--any-parent", "--quiet")).Code.ShouldBe(0);
    }

    [Fact]
    public Task Factors_of_another_width() => Refused(Adapter("wide", (2, 100), (64, 2)), Query, "100");

    [Fact]
    public Task Factors_of_two_ranks() => Refused(Adapter("ranks", (2, 64), (64, 3)), Query, "2", "3");

    [Fact]
    public Task A_tensor_that_the_model_does_not_have() => Refused(Adapter("strange", (2, 64), (64, 2), "blk.77.attn_q.weight"), "blk.77.attn_q.weight");

    [Fact]
    public Task One_factor_alone()
    {
        var path = _folder.File("half.gguf");
        Write(path, (Query + ".lora_a", Tensor.Zeros(2, 64)));
        return Refused(path, "no counterpart");
    }

    [Fact]
    public Task A_value_that_is_no_number() => Refused(Adapter("nan", (2, 64), (64, 2), value: float.NaN), Query, "NaN");

    [Fact]
    public Task A_damaged_brick()
    {
        using var model = LanguageModel.Load(Brick.Stories);
        var path = _folder.File("poet.brick");
        new NewLora { Id = "poet", Targets = new("layers.0.attention.query"), Rank = 2 }.Make(model).Save(path);
        var bytes = File.ReadAllBytes(path);
        bytes[^2] ^= 4;
        File.WriteAllBytes(path, bytes);
        return Refused(path, "hash");
    }

    [Fact]
    public Task A_folder_without_an_adapter() => Refused(Directory.CreateDirectory(_folder.File("empty")).FullName, "adapter_config.json");

    [Fact]
    public Task A_PEFT_folder_with_a_setting_that_is_not_known()
    {
        _folder.Write("peft/adapter_config.json", "{\"peft_type\": \"LORA\", \"use_magic\": true}");
        return Refused(_folder.File("peft"), "'use_magic'");
    }

    [Fact]
    public Task A_model_in_place_of_a_brick() => Refused(SharedData.InRepository("models", "stories260k.gguf"), "is a model");

    async Task Refused(string brick, params string[] words)
    {
        var before = Directory.GetFileSystemEntries(_folder.Path).Order().ToArray();
        string[][] calls =
        [
            ["logits", "--tokens", "1,2", "--plug", brick],
            ["plug", brick, "--out", _folder.File("stack.brick")],
            ["plug", brick, "--into-weights", "--out", _folder.File("with.gguf")],
        ];
        foreach (var call in calls)
            (await Brick.Run([.. call, "-m", Brick.Stories, "--json"])).ShouldBeRefused(3, words).ShouldSayItInJson();

        Directory.GetFileSystemEntries(_folder.Path).Order().ToArray().ShouldBe(before);
    }

    string Adapter(string name, (int Rows, int Columns) down, (int Rows, int Columns) up, string target = Query, float value = 0.5f)
    {
        var path = _folder.File(name + ".gguf");
        var (a, b) = (Tensor.Zeros(down.Rows, down.Columns), Tensor.Zeros(up.Rows, up.Columns));
        b.Floats[1] = value;
        Write(path, (target + ".lora_a", a), (target + ".lora_b", b));
        return path;
    }

    static void Write(string path, params (string Name, Tensor Values)[] tensors)
    {
        var metadata = new Metadata(path);
        metadata.Set("general.type", "adapter");
        metadata.Set("general.architecture", "llama");
        metadata.Set("adapter.type", "lora");
        metadata.Set("adapter.lora.alpha", 2f);
        using var writer = GgufWriter.Create(path, metadata, [.. tensors.Select(tensor => new TensorInfo(tensor.Name, tensor.Values.Type, tensor.Values.Shape))]);
        foreach (var (name, values) in tensors)
            writer.Write(name, values);
        writer.Complete();
    }
}
