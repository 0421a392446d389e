using Brickwork.Models.Cache;

namespace Brickwork.Models.Running;

/// <summary>Keys and values of one sequence, as a state of an attention part.</summary>
/// <param name="cache">Owned from now on.</param>
sealed class KeyValueState(KeyValueCache cache) : SequenceState
{
    public KeyValueCache Cache { get; } = cache;

    public override int Length => Cache.Length;

    public override long BytesAt(int length, int rows) => Cache.Shape.BytesAt(length, rows);

    public override bool TryTruncate(int length)
    {
        if (length == 0 || Cache.CanTruncate(length))
        {
            Cache.Truncate(length);
            return true;
        }
        return false;
    }

    public override void Save(BinaryWriter writer)
    {
        writer.Flush();
        Cache.Save(writer.BaseStream);
    }

    public override void Load(BinaryReader reader) => Cache.Load(reader.BaseStream);

    public override void Dispose()
    {
        Cache.Dispose();
        base.Dispose();
    }
}
