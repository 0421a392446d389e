using System.Runtime.InteropServices;
using Brickwork.Models.Running;

namespace Brickwork.Models.Cache.Eviction;

/// <summary>Keys and values of which each head has given up others: what is left is packed, so that attention sees a short text without gaps.</summary>
/// <remarks>Keys stay turned to the position they had. All heads keep equally many, in any order; what came later stands behind in order.</remarks>
/// <param name="cache">Owned from now on.</param>
/// <param name="budget">Positions to keep.</param>
abstract class PrunedState(KeyValueCache cache, int budget) : KeyValueState(cache)
{
    const uint Magic = 0x31564550;      // "PEV1"
    readonly List<int>[] _positions = [.. Enumerable.Range(0, cache.Shape.KvHeads).Select(_ => new List<int>())];
    int _evicted;

    public override int Evicted => _evicted;

    protected int Budget => budget;

    protected int Heads => _positions.Length;

    /// <summary>The position of each entry of a head.</summary>
    public ReadOnlySpan<int> Positions(int head)
    {
        var positions = _positions[head];
        while (positions.Count < Cache.Length)
            positions.Add(positions.Count + _evicted);
        return CollectionsMarshal.AsSpan(positions);
    }

    public override bool CanGoBack => false;

    /// <summary>What was given up does not come back, and neither does the attention that chose it.</summary>
    public override bool TryTruncate(int length)
    {
        if (length == Length)
            return true;
        if (length != 0)
            return false;
        Cache.Truncate(0);
        Forget();
        return true;
    }

    public override void Save(BinaryWriter writer)
    {
        writer.Write(Magic);
        writer.Write(budget);
        writer.Write(_evicted);
        base.Save(writer);
        for (var head = 0; head < Heads; head++)
            writer.Write(MemoryMarshal.AsBytes(Positions(head)));
    }

    public override void Load(BinaryReader reader)
    {
        if (reader.ReadUInt32() != Magic || reader.ReadInt32() != budget)
            throw new CheckpointException(
                "The saved session keeps other keys and values than this run.", "Load it with the eviction and the budget that it was saved with.");
        Forget();
        _evicted = reader.ReadInt32();
        base.Load(reader);
        foreach (var positions in _positions)
        {
            CollectionsMarshal.SetCount(positions, Cache.Length);
            reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(positions)));
            if (_evicted < 0 || positions.Exists(position => (uint)position >= (uint)Length))
                throw new CheckpointException("The saved session keeps positions that it does not have.", "The file is damaged; save it again.");
        }
    }

    /// <summary>Packs the entries of every head that are to stay, equally many, and lets go of the rest.</summary>
    /// <param name="stays">[G][entries].</param>
    /// <param name="count">How many stay in each head.</param>
    protected void Keep(bool[][] stays, int count)
    {
        var before = Cache.Length;
        for (var head = 0; head < Heads; head++)
        {
            var hole = 0;
            for (var entry = count; entry < before; entry++)
            {
                if (!stays[head][entry])
                    continue;
                while (stays[head][hole])
                    hole++;
                Move(head, entry, hole++);
            }
            _positions[head].RemoveRange(count, before - count);
        }
        Cache.Truncate(count);
        _evicted += before - count;
    }

    /// <summary>Puts an entry in the place of one that is given up.</summary>
    protected virtual void Move(int head, int from, int to)
    {
        Cache.Copy(head, from, to);
        _positions[head][to] = _positions[head][from];
    }

    /// <summary>Forgets everything that is not in the cache.</summary>
    protected virtual void Forget()
    {
        _evicted = 0;
        foreach (var positions in _positions)
            positions.Clear();
    }
}
