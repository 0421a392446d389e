using System.Text.Json;
using Brickwork.Tokenizers.PreTokenizers;
using Brickwork.Tokenizers.Special;

namespace Brickwork.Tokenizers.HuggingFace;

/// <summary>Builds the parts of a tokenizer from tokenizer.json.</summary>
static class HuggingFaceTokenizer
{
    public static TokenizerParts Read(JsonElement root, JsonElement config, JsonElement generation)
    {
        var model = root.Field("model") ?? throw Faults.Tokenizer("tokenizer.json has no 'model'.");
        var json = new JsonVocabulary(root, model);
        var frame = Frame(root, config, json);
        var definition = JsonDefinition.Read(root, model, config, generation, json, frame);
        var roles = new SpecialTokens(definition);
        var vocabulary = new Vocabulary(json.Tokens, roles.Types);
        var steps = PreTokenizerReader.Steps(root.Field("pre_tokenizer")).ToArray();
        // Where the letters for bytes come last, the model writes them: it then remembers words by their plain text.
        var spellsBytes = steps is [.., var last] && last.Type == "ByteLevel" && JsonModelReader.Kind(model) == "BPE";
        var normalizers = NormalizerReader.Read(root.Field("normalizer")).ToArray();
        string Normalize(string text) => normalizers.Aggregate(text, (current, step) => step(current));
        return new TokenizerParts
        {
            Definition = definition,
            Vocabulary = vocabulary,
            Roles = roles,
            Special = new SpecialTokenFinder(Finding(json, roles, added => !added.Normalized || normalizers.Length == 0, text => text)),
            SpecialAfterNormalizing = normalizers.Length > 0 && json.Added.Any(added => added.Normalized)
                ? new SpecialTokenFinder(Finding(json, roles, added => added.Normalized, Normalize))
                : null,
            Normalize = normalizers.Length > 0 ? Normalize : null,
            PreTokenizer = new PreTokenizerSequence([.. steps.Select((step, i) => PreTokenizerReader.Single(step, !(spellsBytes && i == steps.Length - 1)))]),
            Model = JsonModelReader.Read(model, json, vocabulary, spellsBytes),
            Before = frame.Before,
            Behind = frame.Behind,
            Bytes = DecoderReader.Read(root.Field("decoder"), vocabulary),
        };
    }

    // Older files leave the frame to tokenizer_config.json.
    static (int[] Before, int[] Behind) Frame(JsonElement root, JsonElement config, JsonVocabulary json)
    {
        if (PostProcessorReader.Read(root.Field("post_processor")) is { } frame)
        {
            foreach (var id in frame.Before.Concat(frame.Behind))
            {
                if (id < 0 || id >= json.Tokens.Length)
                    throw Faults.Tokenizer($"the post-processor in tokenizer.json adds the id {id}; the ids run from 0 to {json.Tokens.Length - 1}.");
            }
            return frame;
        }
        int[] Wanted(string flag, string role) => config.Flag(flag, false) && json.Find(JsonDefinition.TokenText(config, role)) is { } id ? [id] : [];
        return (Wanted("add_bos_token", "bos_token"), Wanted("add_eos_token", "eos_token"));
    }

    static IEnumerable<SpecialToken> Finding(JsonVocabulary json, SpecialTokens roles, Func<AddedToken, bool> belongs, Func<string, string> normalize) =>
        json.Added.Where(belongs).Select(added => new SpecialToken(added.Id, normalize(added.Content))
        {
            OnlyWhenParsing = added.Special || roles.Types[added.Id] is TokenType.Control or TokenType.Unknown,
            StripLeft = added.StripLeft,
            StripRight = added.StripRight,
            SingleWord = added.SingleWord,
        });
}
