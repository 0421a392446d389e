using System.Text.Json;

namespace Brickwork.Tokenizers.HuggingFace;

/// <summary>Reads the part "post_processor": the tokens around a text.</summary>
static class PostProcessorReader
{
    /// <summary>The ids before and behind a single text; null where the file says nothing.</summary>
    public static (int[] Before, int[] Behind)? Read(JsonElement? node)
    {
        if (node is not { } step)
            return null;
        switch (step.Type)
        {
            case "Sequence":
                (int[] Before, int[] Behind)? all = null;
                foreach (var item in step.Items("processors"))
                {
                    if (Read(item) is { } part)
                        all = ([.. part.Before, .. all?.Before ?? []], [.. all?.Behind ?? [], .. part.Behind]);
                }
                return all;
            case "ByteLevel": return null;
            case "BertProcessing" or "RobertaProcessing": return ([Pair(step, "cls")], [Pair(step, "sep")]);
            case "TemplateProcessing": return Template(step);
            default: throw Faults.Unsupported($"the post-processor '{step.Type}'", "Sequence, ByteLevel, BertProcessing, RobertaProcessing, TemplateProcessing");
        }
    }

    static int Pair(JsonElement step, string name) =>
        step.Items(name).ToArray() is [_, var id] ? id.AsInt(name) : throw Faults.Tokenizer($"'{name}' of the post-processor in tokenizer.json is no pair of text and id.");

    static (int[] Before, int[] Behind) Template(JsonElement step)
    {
        var tokens = step.Field("special_tokens") ?? default;
        var (before, behind, seen) = (new List<int>(), new List<int>(), false);
        foreach (var part in step.Items("single"))
        {
            if (part.Field("SpecialToken")?.Text("id") is not { } name)
            {
                seen = true;
                continue;
            }
            var token = tokens.Field(name) ?? throw Faults.Tokenizer($"the post-processor in tokenizer.json does not say what '{name}' is.");
            (seen ? behind : before).AddRange(token.Items("ids").Select(id => id.AsInt("ids")));
        }
        return ([.. before], [.. behind]);
    }
}
