using System.Runtime.InteropServices;
using Brickwork.Models.Running;

namespace Brickwork.Models.Cache.Eviction;

/// <summary>Keys and values of one sequence under <see cref="HeavyHitterEviction"/>, with the attention that each got so far.</summary>
/// <param name="cache">Owned from now on.</param>
/// <param name="policy">How many stay.</param>
sealed class HeavyHitterState(KeyValueCache cache, HeavyHitterEviction policy) : PrunedState(cache, policy.Budget)
{
    readonly AttentionMass _mass = new(cache.Shape.KvHeads);

    public override long BytesAt(int length, int rows) => Cache.Shape.BytesAt(Math.Min(length, Budget), rows);

    public override void MakeRoom(in Segment segment, ForwardContext context)
    {
        if (Cache.Length < Budget)
            return;
        Keep([.. Enumerable.Range(0, Heads).Select(Choose)], Budget - policy.AtOnce);
        _mass.Shorten(Cache.Length);
    }

    public override void Observe(AttentionPlan plan, in Segment segment) => _mass.Add(plan, Rows(segment));

    public override void Save(BinaryWriter writer)
    {
        base.Save(writer);
        for (var head = 0; head < Heads; head++)
            writer.Write(MemoryMarshal.AsBytes(_mass.Of(head, Cache.Length)));
    }

    public override void Load(BinaryReader reader)
    {
        base.Load(reader);
        for (var head = 0; head < Heads; head++)
            reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(_mass.Of(head, Cache.Length)));
    }

    protected override void Move(int head, int from, int to)
    {
        base.Move(head, from, to);
        var mass = _mass.Of(head, Cache.Length);
        mass[to] = mass[from];
    }

    protected override void Forget()
    {
        base.Forget();
        _mass.Shorten(0);
    }

    /// <summary>All but those of least attention that are not recent; of equals, the older goes.</summary>
    bool[] Choose(int head)
    {
        var (positions, mass) = (Positions(head).ToArray(), _mass.Of(head, Cache.Length).ToArray());
        // The positions that come now are recent, too: with them, half of the budget is.
        var recent = Length - Math.Max(0, Budget / 2 - policy.AtOnce);
        var stays = new bool[positions.Length];
        Array.Fill(stays, true);
        var leaving = Enumerable.Range(0, positions.Length).Where(entry => positions[entry] < recent)
            .OrderBy(entry => mass[entry]).ThenBy(entry => positions[entry]).Take(policy.AtOnce);
        foreach (var entry in leaving)
            stays[entry] = false;
        return stays;
    }
}
