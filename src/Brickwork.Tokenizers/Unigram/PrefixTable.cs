namespace Brickwork.Tokenizers.Unigram;

/// <summary>Finds every token that a text starts with: texts in order, narrowed letter by letter.</summary>
sealed class PrefixTable
{
    readonly string[] _texts;
    readonly int[] _ids;

    public PrefixTable(IEnumerable<(string Text, int Id)> tokens)
    {
        var entries = tokens.ToArray();
        _texts = Array.ConvertAll(entries, entry => entry.Text);
        _ids = Array.ConvertAll(entries, entry => entry.Id);
        Array.Sort(_texts, _ids, StringComparer.Ordinal);
    }

    /// <summary>Starts at the front of a text.</summary>
    public Walk Start() => new(this);

    /// <summary>The tokens that still agree with the letters seen.</summary>
    public struct Walk(PrefixTable table)
    {
        int _first;
        int _end = table._texts.Length;
        int _depth;

        /// <summary>Takes a letter.</summary>
        /// <param name="letter">The next letter of the text.</param>
        /// <param name="id">The token that the letters so far are, or −1.</param>
        /// <returns>Whether some token starts with the letters so far.</returns>
        public bool Next(char letter, out int id)
        {
            id = -1;
            _first = Bound(letter);
            _end = Bound(letter + 1);
            _depth++;
            if (_first == _end)
                return false;
            if (table._texts[_first].Length == _depth)
                id = table._ids[_first];
            return true;
        }

        // The first text in the range whose letter at this depth is not below the given one.
        readonly int Bound(int letter)
        {
            var (low, high) = (_first, _end);
            while (low < high)
            {
                var middle = (low + high) >>> 1;
                var text = table._texts[middle];
                if (_depth >= text.Length || text[_depth] < letter)
                    low = middle + 1;
                else
                    high = middle;
            }
            return low;
        }
    }
}
