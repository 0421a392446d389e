using System.Text.Json;
using Brickwork.Tokenizers.PreTokenizers;
using Brickwork.Tokenizers.PreTokenizers.Patterns;
using Brickwork.Tokenizers.WordPiece;

namespace Brickwork.Tokenizers.HuggingFace;

/// <summary>Reads the part "pre_tokenizer": how the text is cut into words.</summary>
static class PreTokenizerReader
{
    public const string Gpt2 = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";
    const string Known = "Sequence, ByteLevel, Split, Whitespace, WhitespaceSplit, Digits, Punctuation, Metaspace, BertPreTokenizer, CharDelimiterSplit";

    /// <summary>The steps as they stand in the file, sequences resolved.</summary>
    public static IEnumerable<JsonElement> Steps(JsonElement? node)
    {
        if (node is not { } step)
            return [];
        return step.Type == "Sequence" ? step.Items("pretokenizers").SelectMany(item => Steps(item)) : [step];
    }

    /// <summary>The cut that one step makes.</summary>
    /// <param name="step">The step.</param>
    /// <param name="spellsBytes">Whether a ByteLevel step writes bytes as letters, or leaves that to the model.</param>
    public static PreTokenizer Single(JsonElement step, bool spellsBytes)
    {
        switch (step.Type)
        {
            case "ByteLevel":
                var cut = step.Flag("use_regex", true) ? new Splitter(Matching.OfPattern(Gpt2), SplitBehavior.Isolated) : null;
                return new ByteLevelStep(cut, step.Flag("add_prefix_space", true), spellsBytes);
            case "Split": return new Splitter(NormalizerReader.PatternOf(step), Behavior(step, "Removed"), step.Flag("invert", false));
            case "Whitespace": return new Splitter(Matching.OfPattern(@"\w+|[^\w\s]+"), SplitBehavior.Removed, inverted: true);
            case "WhitespaceSplit": return new Splitter(new SetMatching(UnicodeClasses.WhiteSpace().Seal(), single: true), SplitBehavior.Removed);
            case "Digits":
                return new Splitter(new SetMatching(UnicodeClasses.Named("N")!.Seal(), step.Flag("individual_digits", false)), SplitBehavior.Isolated);
            case "Punctuation": return new Splitter(new SetMatching(Punctuation(), single: true), Behavior(step, "Isolated"));
            case "BertPreTokenizer": return new BertPreTokenizer();
            case "CharDelimiterSplit": return new Splitter(new TextMatching(step.Text("delimiter") ?? ""), SplitBehavior.Removed);
            case "Metaspace": return new Metaspace(step.Text("replacement") ?? "▁", PrependScheme(step), step.Flag("split", true));
            default: throw Faults.Unsupported($"the pre-tokenizer '{step.Type}'", Known);
        }
    }

    /// <summary>always, first or never.</summary>
    public static string PrependScheme(JsonElement step) => step.Text("prepend_scheme") ?? (step.Flag("add_prefix_space", true) ? "always" : "never");

    static SplitBehavior Behavior(JsonElement step, string otherwise) => (step.Text("behavior") ?? otherwise) switch
    {
        "Removed" => SplitBehavior.Removed,
        "Isolated" => SplitBehavior.Isolated,
        "MergedWithPrevious" => SplitBehavior.MergedWithPrevious,
        "MergedWithNext" => SplitBehavior.MergedWithNext,
        "Contiguous" => SplitBehavior.Contiguous,
        var other => throw Faults.Unsupported($"the split behavior '{other}'", "Removed, Isolated, MergedWithPrevious, MergedWithNext, Contiguous"),
    };

    static CodePointSet Punctuation()
    {
        var set = UnicodeClasses.Named("P")!;
        foreach (var mark in "$+<=>^`|~")
            set.Add(mark, mark);
        return set.Seal();
    }
}
