namespace Brickwork.Tokenizers.Special;

/// <summary>What the texts of special tokens tell about them; model files name only some by role.</summary>
static class SpecialTokenNames
{
    public static readonly string[] Eot =
        ["<|eot_id|>", "<|im_end|>", "<|end|>", "<end_of_turn>", "<|endoftext|>", "<|end_of_text|>", "<EOT>", "_<EOT>", "[EOT]", "<｜end▁of▁sentence｜>", "<end_of_utterance>"];

    public static readonly string[] Eom = ["<|eom_id|>"];

    public static readonly string[] FimPrefix =
        ["<|fim_prefix|>", "<fim-prefix>", "<fim_prefix>", "<｜fim▁begin｜>", "<PRE>", "▁<PRE>", "<|code_prefix|>", "<|prefix|>"];

    public static readonly string[] FimSuffix =
        ["<|fim_suffix|>", "<fim-suffix>", "<fim_suffix>", "<｜fim▁hole｜>", "<SUF>", "▁<SUF>", "<|code_suffix|>", "<|suffix|>"];

    public static readonly string[] FimMiddle =
        ["<|fim_middle|>", "<fim-middle>", "<fim_middle>", "<｜fim▁end｜>", "<MID>", "▁<MID>", "<|code_middle|>", "<|middle|>"];

    public static readonly string[] FimPadding = ["<|fim_pad|>", "<fim-pad>", "<fim_pad>", "<PAD>", "[PAD]"];

    public static readonly string[] FimRepository = ["<|fim_repo|>", "<|repo_name|>", "<fim-repo>", "<REPO>", "<reponame>"];

    public static readonly string[] FimSeparator = ["<|file_sep|>"];

    public static readonly string[] EndOfGeneration =
    [
        .. Eot, .. Eom, "<|return|>", "<|call|>", "<|flush|>", "<|calls|>", "</s>", "[EOS]", "<eos>", "<turn|>", "<|tool_response>", "[e~[",
    ];

    /// <summary>Marks inside of a message (gpt-oss), which a reader of the message needs to see.</summary>
    public static readonly string[] AlwaysRendered = ["<|channel|>", "<|message|>", "<|start|>", "<|constrain|>"];
}
