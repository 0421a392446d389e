namespace Brickwork.Tokenizers.Tests.ChatTemplates;

public class NamedTemplateTests
{
    static readonly ChatTurn[] Turns = [new("system", "Be brief."), new("user", "1+1?"), new("assistant", "2"), new("user", "2+2?")];
    static readonly ChatTemplateOptions Options = new() { BosToken = "<s>", EosToken = "</s>" };

    [Theory]
    [InlineData("chatml", "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\n1+1?<|im_end|>\n<|im_start|>assistant\n2<|im_end|>\n<|im_start|>user\n2+2?<|im_end|>\n<|im_start|>assistant\n")]
    [InlineData("llama3", "<s><|start_header_id|>system<|end_header_id|>\n\nBe brief.<|eot_id|><|start_header_id|>user<|end_header_id|>\n\n1+1?<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n2<|eot_id|><|start_header_id|>user<|end_header_id|>\n\n2+2?<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n")]
    [InlineData("gemma", "<s><start_of_turn>user\nBe brief.\n\n1+1?<end_of_turn>\n<start_of_turn>model\n2<end_of_turn>\n<start_of_turn>user\n2+2?<end_of_turn>\n<start_of_turn>model\n")]
    [InlineData("mistral", "<s>[INST] Be brief.\n\n1+1? [/INST] 2</s>[INST] 2+2? [/INST]")]
    [InlineData("llama2", "<s>[INST] <<SYS>>\nBe brief.\n<</SYS>>\n\n1+1? [/INST] 2 </s><s>[INST] 2+2? [/INST]")]
    [InlineData("phi3", "<|system|>\nBe brief.<|end|>\n<|user|>\n1+1?<|end|>\n<|assistant|>\n2<|end|>\n<|user|>\n2+2?<|end|>\n<|assistant|>\n")]
    [InlineData("zephyr", "<|system|>\nBe brief.</s>\n<|user|>\n1+1?</s>\n<|assistant|>\n2</s>\n<|user|>\n2+2?</s>\n<|assistant|>\n")]
    [InlineData("alpaca", "<s>Be brief.\n\n### Instruction:\n1+1?\n\n### Response:\n2</s>\n\n### Instruction:\n2+2?\n\n### Response:\n")]
    [InlineData("exaone", "[|system|]Be brief.[|endofturn|]\n[|user|]1+1?\n[|assistant|]2[|endofturn|]\n[|user|]2+2?\n[|assistant|]")]
    [InlineData("vicuna", "<s>Be brief. USER: 1+1? ASSISTANT: 2</s>\nUSER: 2+2? ASSISTANT:")]
    [InlineData("plain", "<s>System: Be brief.\nUser: 1+1?\nAssistant: 2\nUser: 2+2?\nAssistant:")]
    public void A_named_format_writes_the_conversation_in_its_own_marks(string name, string expected) =>
        Brickwork.ChatTemplates.Named(name).Render(Turns, Options).ShouldBe(expected);

    [Fact]
    public void Every_name_renders_an_empty_conversation()
    {
        foreach (var name in Brickwork.ChatTemplates.Names)
            Should.NotThrow(() => Brickwork.ChatTemplates.Named(name).Render([], Options));
    }

    [Fact]
    public void An_unknown_name_lists_the_known_ones() =>
        Should.Throw<UnsupportedModelException>(() => Brickwork.ChatTemplates.Named("klingon")).NextStep.ShouldContain("chatml, exaone, gemma");
}
