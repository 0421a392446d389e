using Brickwork.Models.Cache;

namespace Brickwork.Models.Running;

/// <summary>Keys and values of one sequence, as a state of an attention part.</summary>
/// <param name="cache">Owned from now on.</param>
class KeyValueState(KeyValueCache cache) : SequenceState
{
    public KeyValueCache Cache { get; } = cache;

    /// <summary>Positions that were given up, so that the cache holds as many entries less.</summary>
    public virtual int Evicted => 0;

    public override int Length => Cache.Length + Evicted;

    public override long Bytes => Cache.Bytes;

    /// <summary>Looks, before the rows of a segment are appended, whether something is to be given up.</summary>
    public virtual void MakeRoom(in Segment segment, ForwardContext context)
    {
    }

    /// <summary>Learns, after the rows of a segment have attended, where they looked.</summary>
    public virtual void Observe(AttentionPlan plan, in Segment segment)
    {
    }

    /// <summary>The rows of a segment, counted by entries of the cache.</summary>
    public AttentionSegment Rows(in Segment segment) => new(Cache, segment.FirstRow, segment.Count, segment.FirstPosition - Evicted);

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
