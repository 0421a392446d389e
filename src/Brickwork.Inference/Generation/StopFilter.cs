using System.Text;

namespace Brickwork.Inference.Generation;

/// <summary>Passes text on until a stop string comes, and holds back what may be the start of one.</summary>
/// <remarks>The stop string that is complete first wins, the longest of those: the result does not depend on how the text is cut into pieces.</remarks>
sealed class StopFilter(IReadOnlyList<string> stops)
{
    readonly StringBuilder _held = new();

    /// <summary>The stop string that came.</summary>
    internal string? Found { get; private set; }

    /// <summary>Takes text and gives what is certain not to belong to a stop string.</summary>
    internal string Push(string text)
    {
        if (Found is not null)
            return "";
        if (stops.Count == 0)
            return text;
        foreach (var character in text)
        {
            _held.Append(character);
            if (FindAtEnd() is not { } stop)
                continue;
            Found = stop;
            return Take(_held.Length - stop.Length);
        }

        return Take(_held.Length - PossibleStart());
    }

    /// <summary>Gives what was held back, at the end of the text.</summary>
    internal string Flush() => Found is null ? Take(_held.Length) : "";

    string? FindAtEnd()
    {
        string? found = null;
        foreach (var stop in stops)
            if (stop.Length > (found?.Length ?? 0) && EndsWith(stop, stop.Length))
                found = stop;
        return found;
    }

    // How many characters at the end are the beginning of a stop string.
    int PossibleStart()
    {
        var longest = 0;
        foreach (var stop in stops)
            for (var length = Math.Min(stop.Length - 1, _held.Length); length > longest; length--)
                if (EndsWith(stop, length))
                    longest = length;
        return longest;
    }

    bool EndsWith(string stop, int length)
    {
        var start = _held.Length - length;
        if (start < 0)
            return false;
        for (var index = 0; index < length; index++)
            if (_held[start + index] != stop[index])
                return false;
        return true;
    }

    string Take(int length)
    {
        var text = _held.ToString(0, length);
        _held.Remove(0, length);
        return text;
    }
}
