using Brickwork.TestKit;

namespace Brickwork.Cli.Tests.Refusals;

public sealed class TrainingInputTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public Task A_text_that_is_not_there() => Refused(3, "nothing.txt", _folder.File("nothing.txt"));

    [Fact]
    public Task A_text_that_is_empty() => Refused(3, "is empty", _folder.Write("empty.txt", ""));

    [Fact]
    public Task A_folder_without_texts() => Refused(3, "holds no texts", Directory.CreateDirectory(_folder.File("texts")).FullName);

    [Fact]
    public Task A_text_of_mixed_encodings() => Refused(3, "mixed.txt", _folder.Write("mixed.txt", [.. "caf\u00e9 "u8, 0xE9, .. " and more"u8]));

    [Fact]
    public Task A_plan_that_is_not_there() => Refused(3, "does not exist", _folder.File("plan.yml"));

    [Fact]
    public Task A_plan_with_faults() => Refused(3, "'stepps'", Plan("stepps: 3\nbatch: { sequences: 0 }"));

    [Fact]
    public Task A_plan_larger_than_memory() => Refused(4, "takes about", Plan("new: { width: 65536, layers: 200, heads: 64 }"));

    [Fact]
    public Task A_rate_beside_a_plan() => Refused(2, "--rate", Plan("steps: 2"), "--rate", "0.1");

    [Fact]
    public Task A_brick_beside_a_plan() => Refused(2, "--brick", Plan("steps: 2"), "--brick", "lora");

    [Fact]
    public Task A_brick_of_no_kind() => Refused(3, "'loora'", _folder.Write("text.txt", "Once upon a time."), "--brick", "loora", "-m", "stories260k");

    [Fact]
    public Task A_brick_in_slots_that_are_not_there() =>
        Refused(2, "layers.*.mixer", _folder.Write("text.txt", "Once upon a time."), "--brick", "lora:targets=layers.*.mixer", "-m", "stories260k");

    [Fact]
    public Task A_prompt_that_leaves_no_room_for_a_text() =>
        Refused(3, "'brick.tokens' is 600", _folder.Write("text.txt", "Once upon a time."), "--brick", "prompt:tokens=600", "-m", "stories260k");

    [Fact]
    public async Task A_folder_that_holds_a_training()
    {
        var plan = Plan("steps: 2");
        (await Train(plan)).Code.ShouldBe(0);

        await Refused(3, "holds a training already", plan);
    }

    [Fact]
    public async Task A_damaged_checkpoint_is_passed_over_for_the_one_before()
    {
        var plan = Plan("steps: 4\ncheckpoints: { every: 2, keep: 2 }");
        (await Train(plan)).Code.ShouldBe(0);
        Damage("checkpoint-000000004.gguf");

        var outcome = await Train(plan, "--resume");

        outcome.Code.ShouldBe(0);
        outcome.Document().GetProperty("step").GetInt64().ShouldBe(4);
        Damage("checkpoint-000000004.gguf");
        Damage("checkpoint-000000002.gguf");
        await Refused(3, "No checkpoint", plan, "--resume");
    }

    void Damage(string name)
    {
        var path = _folder.File("out", "checkpoints", name);
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 16;
        File.WriteAllBytes(path, bytes);
    }

    string Plan(string more)
    {
        _folder.Write("text.txt", string.Concat(Enumerable.Repeat("Once upon a time there was a cat.\n", 40)));
        var own = more.Contains("new:", StringComparison.Ordinal) ? "" : "new: { width: 32, layers: 1, heads: 2, context: 32 }\n";
        return _folder.Write("plan.yml", $"data: [{{ path: text.txt, boundary: line }}]\ntokenizer: stories260k\nsamples: {{ tokens: 0 }}\n{own}{more}\n");
    }

    Task<Outcome> Train(string source, params string[] more) => Brick.Run(["train", source, "--out", _folder.File("out"), "--threads", "1", "--json", .. more]);

    async Task Refused(int code, string word, string source, params string[] more)
    {
        var outcome = await Brick.Run(["train", source, "--out", _folder.File("out"), "--threads", "1", "--quiet", .. more]);
        outcome.ShouldBeRefused(code, word);
    }
}
