namespace Brickwork.Models.Running;

/// <summary>What one part remembers of one sequence: keys and values, or a recurrent state.</summary>
abstract class SequenceState : IDisposable
{
    /// <summary>How many tokens went into it.</summary>
    public abstract int Length { get; }

    /// <summary>Memory it takes.</summary>
    public abstract long Bytes { get; }

    /// <summary>Bytes it takes at most for a sequence of <paramref name="length"/> tokens, fed <paramref name="rows"/> at once.</summary>
    public abstract long BytesAt(int length, int rows);

    /// <summary>Whether some tokens can be taken back, so that a model may be fed tokens that are only guessed.</summary>
    public virtual bool CanGoBack => true;

    /// <summary>Forgets everything from position <paramref name="length"/> on; false where that cannot be done exactly.</summary>
    public abstract bool TryTruncate(int length);

    /// <summary>Writes the state so that <see cref="Load"/> restores it bit for bit.</summary>
    public abstract void Save(BinaryWriter writer);

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="CheckpointException">The data does not fit this part.</exception>
    public abstract void Load(BinaryReader reader);

    public virtual void Dispose() => GC.SuppressFinalize(this);
}
