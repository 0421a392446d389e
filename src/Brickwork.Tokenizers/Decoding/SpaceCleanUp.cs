namespace Brickwork.Tokenizers.Decoding;

/// <summary>Removes the spaces that word-wise tokens put where English has none: before punctuation and in contractions.</summary>
static class SpaceCleanUp
{
    public static void Run(List<byte> text)
    {
        Drop(text, static (before, at) => at is [(byte)'?' or (byte)'!' or (byte)'.' or (byte)',', ..] && before == ' ');
        JoinLoneApostrophes(text);
        Drop(text, static (before, at) => before == ' ' && at is [(byte)'\'', (byte)'s' or (byte)'m', ..] or [(byte)'\'', (byte)'r' or (byte)'v', (byte)'e', ..]);
    }

    delegate bool Condition(byte before, ReadOnlySpan<byte> at);

    // Removes the byte before every place where the condition holds.
    static void Drop(List<byte> text, Condition condition)
    {
        var source = text.ToArray();
        text.Clear();
        for (var i = 0; i < source.Length; i++)
        {
            if (i > 0 && condition(source[i - 1], source.AsSpan(i)))
                text.RemoveAt(text.Count - 1);
            text.Add(source[i]);
        }
    }

    // "it ' s" becomes "it's".
    static void JoinLoneApostrophes(List<byte> text)
    {
        var source = text.ToArray();
        text.Clear();
        for (var i = 0; i < source.Length; i++)
        {
            if (i > 0 && i + 1 < source.Length && source[i] == '\'' && source[i - 1] == ' ' && source[i + 1] == ' ' && text is [.., (byte)' '])
            {
                text[^1] = (byte)'\'';
                i++;
                continue;
            }
            text.Add(source[i]);
        }
    }
}
