namespace Brickwork.Formats.BrickFiles;

/// <summary>How the tensors of a brick are named: a tensor of the model (<c>blk.0.attn_q.weight</c>) or a slot, and one of these behind it.</summary>
static class BrickTensors
{
    /// <summary>A of LoRA, [r, in]; of the embedding [V, r]; of a stack of experts [E, r, in].</summary>
    public const string LoraDown = ".lora_a";

    /// <summary>B of LoRA, [out, r]; of a stack of experts [E, out, r].</summary>
    public const string LoraUp = ".lora_b";

    /// <summary>s of LoRA, one value; absent = 1.</summary>
    public const string LoraFactor = ".lora_factor";

    /// <summary>What A was when PiSSA began, [r, in].</summary>
    public const string StartDown = ".lora_start_a";

    /// <summary>What B was when PiSSA began, [out, r].</summary>
    public const string StartUp = ".lora_start_b";

    /// <summary>The signs of BitDelta, [out, in / 8] I8: one bit each, the lowest first, 1 = +1.</summary>
    public const string DeltaSigns = ".delta_signs";

    /// <summary>α of BitDelta, one value.</summary>
    public const string DeltaFactor = ".delta_factor";

    /// <summary>Rows before those of a text, [n, D].</summary>
    public const string Prompt = ".prompt";

    /// <summary>Keys before those of a text, not turned by position yet, [n, G·K].</summary>
    public const string PrefixKeys = ".prefix_keys";

    /// <summary>Values before those of a text, [n, G·U].</summary>
    public const string PrefixValues = ".prefix_values";

    /// <summary>m of DoRA, [out].</summary>
    public const string Magnitude = ".dora_magnitude";

    /// <summary>v of a router's gate on what a projection takes, [in].</summary>
    public const string Gate = ".gate";

    /// <summary>l of (IA)³ on what a projection gives, [out].</summary>
    public const string OutputFactors = ".ia3_output";

    /// <summary>l of (IA)³ on what a projection takes, [in].</summary>
    public const string InputFactors = ".ia3_input";

    /// <summary>What BitFit adds to the bias of a projection, [out].</summary>
    public const string Shift = ".shift";

    /// <summary>W₁ of a bottleneck, [m, D].</summary>
    public const string BottleneckDown = ".bottleneck_down";

    public const string BottleneckDownBias = ".bottleneck_down_bias";

    /// <summary>W₂ of a bottleneck, [D, m].</summary>
    public const string BottleneckUp = ".bottleneck_up";

    public const string BottleneckUpBias = ".bottleneck_up_bias";

    /// <summary>Q of a fusion on what a slot gives, [m, out].</summary>
    public const string FuseQuery = ".fuse_query";

    /// <summary>K of a fusion on what the bricks make of it, [m, out].</summary>
    public const string FuseKey = ".fuse_key";

    /// <summary>A tensor in place of the model's own.</summary>
    public const string Whole = ".whole";

    /// <summary>What a control vector adds behind a layer: <c>direction.3</c>, [D].</summary>
    public const string Direction = "direction.";

    static readonly string[] Suffixes =
    [
        LoraDown, LoraUp, LoraFactor, Gate, Magnitude, OutputFactors, InputFactors, Shift, BottleneckDownBias, BottleneckUpBias, BottleneckDown, BottleneckUp,
        FuseQuery, FuseKey, Whole, StartDown, StartUp, DeltaSigns, DeltaFactor, Prompt, PrefixKeys, PrefixValues,
    ];

    /// <summary>Whether a tensor is, or was, trained: settings and beginnings are not.</summary>
    public static bool IsTrained(string name) => Split(name) is (_, not (LoraFactor or StartDown or StartUp or DeltaSigns));

    /// <summary>What a tensor of a brick is for: the model's tensor or slot it changes, and its role there; null = unknown.</summary>
    public static (string Target, string Role)? Split(string name)
    {
        if (name.StartsWith(Direction, StringComparison.Ordinal))
            return ($"layers.{name[Direction.Length..]}", Direction);
        foreach (var suffix in Suffixes)
            if (name.EndsWith(suffix, StringComparison.Ordinal) && name.Length > suffix.Length)
                return (name[..^suffix.Length], suffix);
        return null;
    }
}
