using Brickwork.Formats.Yaml;
using YamlDotNet.RepresentationModel;

namespace Brickwork.Bricks.Merge.Recipes;

/// <summary>Reads whose vocabulary the result has, and what is said about single tokens.</summary>
static class TokenizerReader
{
    const string Tokens = "tokens", Source = "source";

    static readonly Dictionary<string, TokenRule> None = [];

    public static TokenizerRule? Read(YamlMap map)
    {
        var plain = map.Text("tokenizer_source");
        if (plain is not null && map.Has("tokenizer"))
            map.Fault("tokenizer_source", "either 'tokenizer_source' or 'tokenizer'");
        var rule = map.Child<TokenizerRule?>("tokenizer", null, inner =>
        {
            var multiple = inner.Small("pad_to_multiple_of") ?? 1;
            if (multiple < 1)
                inner.Fault("pad_to_multiple_of", "1 or more");
            return new TokenizerRule(inner.Text(Source) ?? TokenizerRule.Union, Math.Max(1, multiple), RulesOf(inner));
        });
        return plain is null ? rule : new TokenizerRule(plain, 1, None);
    }

    static Dictionary<string, TokenRule> RulesOf(YamlMap map)
    {
        var entries = map.Entries(Tokens);
        return map.Child(Tokens, None, inner => entries.ToDictionary(
            entry => entry.Name,
            entry => inner.Child(entry.Name, new TokenRule(null, null, null, false, false), rule => RuleOf(rule, IsText(entry.Value))),
            StringComparer.Ordinal));
    }

    static bool IsText(YamlNode rule) =>
        rule is YamlMappingNode mapping && mapping.Children.TryGetValue(new YamlScalarNode(Source), out var source) && source is YamlScalarNode;

    /// <summary>A source is the name of a model, or says what it is.</summary>
    static TokenRule RuleOf(YamlMap map, bool isText)
    {
        var force = map.Flag("force") ?? false;
        return isText ? new TokenRule(map.Text(Source), null, null, false, force)
            : map.Child(Source, new TokenRule(null, null, null, false, false), SourceOf) with { Force = force };
    }

    static TokenRule SourceOf(YamlMap map)
    {
        var isZero = map.Choice("kind", ("zero", true), ("model_token", false));
        if (isZero is null)
            map.Fault("kind", "zero, or model_token with its model");
        if (isZero is not false)
            return new TokenRule(null, null, null, IsZero: true, Force: false);
        var (model, token, id) = (map.Text("model"), map.Text("token"), map.Small("token_id"));
        if (model is null)
            map.Fault("model", "a model");
        if (token is null == id is null || id < 0)
            map.Fault("token", "either 'token', a text, or 'token_id', a number from 0");
        return new TokenRule(model, token, id, IsZero: false, Force: false);
    }
}
