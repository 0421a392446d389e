using System.Runtime.InteropServices;
using Brickwork.Models.Running;

namespace Brickwork;

/// <summary>One text under way: its tokens so far and what the model remembers of them. Belongs to the runner that started it.</summary>
public sealed class Sequence : IDisposable
{
    // Most texts stay within this, so that writing them never copies the list.
    const int ReservedTokens = 1024;

    readonly List<int> _tokens;
    readonly SequenceState[] _states;

    internal Sequence(ModelRunner runner, SequenceState[] states, BrickStrengths? bricks)
    {
        Runner = runner;
        Bricks = bricks;
        _tokens = new List<int>(Math.Min(runner.Context, ReservedTokens));
        _states = states;
    }

    /// <summary>How many tokens the model has seen.</summary>
    public int Length => _tokens.Count;

    /// <summary>The tokens the model has seen.</summary>
    public ReadOnlySpan<int> Tokens => CollectionsMarshal.AsSpan(_tokens);

    /// <summary>Which plugged bricks work on this text, and how strongly; null = each as strongly as it was plugged.</summary>
    public BrickStrengths? Bricks { get; }

    /// <summary>Bytes that the model's memory of the sequence takes: keys, values and recurrent states.</summary>
    public long CacheBytes => _states.Sum(state => state.Bytes);

    /// <summary>Whether the last tokens fed were part of a prompt that goes on.</summary>
    internal bool IsAmidPrompt { get; set; }

    internal ModelRunner Runner { get; }

    /// <summary>Tokens that bricks have put before the text.</summary>
    internal int VirtualCount { get; set; }

    /// <summary>The position of the next token.</summary>
    internal int Position => VirtualCount + Length;

    /// <summary>Forgets everything from token <paramref name="length"/> on.</summary>
    /// <returns>False where the model cannot go back (recurrent families): then the sequence is empty and must be fed again.</returns>
    public bool TryTruncate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length);
        var exact = true;
        foreach (var state in _states)
            exact &= state.TryTruncate(VirtualCount + length);
        if (!exact)
        {
            (length, VirtualCount) = (0, 0);
            foreach (var state in _states)
                state.TryTruncate(0);
        }
        _tokens.RemoveRange(length, _tokens.Count - length);
        return exact;
    }

    /// <summary>Writes tokens and memory so that <see cref="ModelRunner.LoadSequence"/> continues identically.</summary>
    public void Save(Stream stream) => SequenceFile.Write(stream, this);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var state in _states)
            state.Dispose();
    }

    internal IReadOnlyList<SequenceState> States => _states;

    /// <summary>Whether some tokens can be taken back without feeding the rest again.</summary>
    internal bool CanGoBack => Array.TrueForAll(_states, state => state.CanGoBack);

    internal void Append(ReadOnlySpan<int> tokens) => _tokens.AddRange(tokens);
}
