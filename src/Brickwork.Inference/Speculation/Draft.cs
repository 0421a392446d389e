namespace Brickwork.Inference.Speculation;

/// <summary>Guessed tokens, in order. The memory is used again for every pass.</summary>
sealed class Draft
{
    readonly List<Proposal> _proposals = [];

    internal int Count { get; private set; }

    internal Proposal this[int index] => index < Count ? _proposals[index] : throw new ArgumentOutOfRangeException(nameof(index));

    /// <summary>Adds a guess, to be filled in.</summary>
    internal Proposal Add()
    {
        if (Count == _proposals.Count)
            _proposals.Add(new Proposal());
        return _proposals[Count++];
    }

    internal void Clear() => Count = 0;
}

/// <summary>One guess.</summary>
sealed class Proposal
{
    internal int Token { get; set; }

    /// <summary>What the token was drawn from; null where it was not drawn but is the only guess.</summary>
    internal TokenDistribution? Distribution { get; set; }

    /// <summary>The random number that decides whether a drawn token is accepted.</summary>
    internal double Number { get; set; }

    /// <summary>Whether the model chose the token, too.</summary>
    internal bool IsAccepted { get; set; }
}
