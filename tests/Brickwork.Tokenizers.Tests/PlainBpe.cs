using System.Text;
using System.Text.RegularExpressions;

namespace Brickwork.Tokenizers.Tests;

/// <summary>BPE training as it is defined: count all pairs, merge the best one everywhere, count again.</summary>
static class PlainBpe
{
    const string Gpt2 = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    public static List<string> Merges(string text, int count)
    {
        var words = text.Split("<|endoftext|>").SelectMany(part => Regex.Matches(part, Gpt2)).Select(match => match.Value).GroupBy(word => word)
            .Select(group => (Symbols: Encoding.UTF8.GetBytes(group.Key).Select(value => new string((char)value, 1)).ToList(), Count: group.Count())).ToList();
        var merges = new List<string>();
        while (merges.Count < count)
        {
            var pairs = new Dictionary<(string Left, string Right), int>();
            foreach (var (symbols, times) in words)
            {
                for (var at = 0; at + 1 < symbols.Count; at++)
                    pairs[(symbols[at], symbols[at + 1])] = pairs.GetValueOrDefault((symbols[at], symbols[at + 1])) + times;
            }
            var best = pairs.OrderByDescending(pair => pair.Value).ThenByDescending(pair => pair.Key.Left, StringComparer.Ordinal)
                .ThenByDescending(pair => pair.Key.Right, StringComparer.Ordinal).FirstOrDefault();
            if (best.Value < 2)
                break;
            merges.Add($"{Letters(best.Key.Left)} {Letters(best.Key.Right)}");
            foreach (var (symbols, _) in words)
                Merge(symbols, best.Key.Left, best.Key.Right);
        }
        return merges;
    }

    static void Merge(List<string> symbols, string left, string right)
    {
        for (var at = 0; at + 1 < symbols.Count; at++)
        {
            if (symbols[at] != left || symbols[at + 1] != right)
                continue;
            symbols[at] = left + right;
            symbols.RemoveAt(at + 1);
        }
    }

    // GPT-2's letters for bytes: the printable ones are themselves, the others follow U+0100.
    static string Letters(string bytes)
    {
        var others = Enumerable.Range(0, 256).Where(value => value is not ((>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or >= 0xAE)).ToList();
        return string.Concat(bytes.Select(value => others.IndexOf(value) is >= 0 and var at ? (char)(256 + at) : value));
    }
}
