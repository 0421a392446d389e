using Brickwork.Bricks.Tests.Plug;
using Brickwork.TestKit;

namespace Brickwork.Bricks.Tests.Replay;

/// <summary>A stack has no log of its own: it is told from what the stack names.</summary>
public sealed class StackLogTests : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly string _stack;

    public StackLogTests()
    {
        PicoModel.Save(PicoModel.LlamaCheckpoint(), _folder.File("first.gguf"));
        ModelConverter.Convert(_folder.File("first.gguf"), _folder.File("base.gguf"), new ConvertOptions { Type = "f16" });
        using var model = LanguageModel.Load(_folder.File("base.gguf"));
        List<StackedBrick> bricks = [];
        foreach (var (name, strength) in ((string, float)[])[("one", 0.5f), ("two", -2)])
        {
            var brick = PicoBricks.Make("lora", model, bricks.Count).Describe(manifest => manifest with { Id = name });
            brick.Save(_folder.File(name + ".brick"));
            bricks.Add(new StackedBrick(_folder.File(name + ".brick"), brick.Manifest.Content!, strength));
        }
        _stack = _folder.File("stack.brick");
        new StackFile { Model = _folder.File("base.gguf"), Bricks = bricks }.Save(_stack);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_stack_tells_its_model_its_bricks_and_their_strengths()
    {
        var log = LogFile.Open(_stack);

        log.Hash.ShouldBeNull();
        log.Operations[0].Name.ShouldBe("convert");
        log.Operations[0].Output.ShouldBe(LogFile.Open(_folder.File("base.gguf")).Hash);
        var stack = log.Operations[^1];
        (stack.Name, stack.Arguments["strengths"]).ShouldBe(("stack", "0.5 -2"));
        stack.Inputs.Select(input => (input.Role, input.Name)).ShouldBe([("model", "base.gguf"), ("brick", "one.brick"), ("brick", "two.brick")]);
        stack.Inputs.Skip(1).Select(input => input.Hash).ShouldBe(((string[])["one", "two"]).Select(name => LogFile.Open(_folder.File(name + ".brick")).Hash));
        OperationLog.Parse(string.Join('\n', log.Lines()), "lines").ShouldBe(log.Operations);
    }

    [Fact]
    public void A_stack_is_nothing_to_make_again()
    {
        var lines = _folder.Write("stack.log", string.Join('\n', LogFile.Open(_stack).Lines()));

        foreach (var source in (string[])[_stack, lines])
            Should.Throw<UnsupportedModelException>(() => OperationReplay.Run(source, _folder.File("again.brick"))).Message.ShouldContain("stack");
        File.Exists(_folder.File("again.brick")).ShouldBeFalse();
    }

    [Fact]
    public void A_brick_that_has_changed_since_is_not_told_of()
    {
        using (var model = LanguageModel.Load(_folder.File("base.gguf")))
            PicoBricks.Make("lora", model, 9).Save(_folder.File("two.brick"), new SaveOptions { Existing = ExistingFiles.Replace });

        Should.Throw<CheckpointException>(() => LogFile.Open(_stack)).Message.ShouldContain("two.brick");
    }
}
