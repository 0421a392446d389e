using System.Runtime.InteropServices;
using Brickwork.Kernels.Attention;
using Brickwork.Models.Running;

namespace Brickwork.Models.Cache.Eviction;

/// <summary>Keys and values of one sequence under <see cref="SnapEviction"/>, with the last queries.</summary>
/// <param name="cache">Owned from now on.</param>
/// <param name="options">The form of the attention.</param>
/// <param name="policy">How many stay.</param>
sealed class SnapState(KeyValueCache cache, AttentionOptions options, SnapEviction policy) : PrunedState(cache, policy.Budget)
{
    readonly float[] _queries = new float[SnapEviction.Window * options.Heads * options.KeyWidth];
    int _observed;
    bool _promptEnded;

    int Width => options.Heads * options.KeyWidth;

    public override void MakeRoom(in Segment segment, ForwardContext context)
    {
        if (_promptEnded && Cache.Length > Budget)
            Keep(Choose(context), Budget);
        _promptEnded = segment.EndsPrompt;
    }

    public override void Observe(AttentionPlan plan, in Segment segment)
    {
        // A layer that borrows these keys has other queries; the owner's came first.
        for (var row = Math.Max(0, segment.Count - SnapEviction.Window); row < segment.Count && _observed < Length; row++)
            plan.Queries.Row(segment.FirstRow + row).CopyTo(Query(segment.FirstPosition + row));
        _observed = Length;
    }

    public override void Save(BinaryWriter writer)
    {
        base.Save(writer);
        writer.Write(_promptEnded);
        writer.Write(MemoryMarshal.AsBytes<float>(_queries));
    }

    public override void Load(BinaryReader reader)
    {
        base.Load(reader);
        _promptEnded = reader.ReadBoolean();
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(_queries.AsSpan()));
        _observed = Length;
    }

    protected override void Forget()
    {
        base.Forget();
        (_observed, _promptEnded) = (0, false);
    }

    Span<float> Query(int position) => _queries.AsSpan(position % SnapEviction.Window * Width, Width);

    bool[][] Choose(ForwardContext context)
    {
        using var scope = context.Arena.Mark();
        var voters = Math.Min(SnapEviction.Window, Cache.Length);
        var queries = context.Take(voters, Width);
        for (var voter = 0; voter < voters; voter++)
            Query(Length - voters + voter).CopyTo(queries.Row(voter));
        var plan = new AttentionPlan(context.Compute, context.Arena);
        plan.Begin(queries, options, context.Take(voters, options.Heads * options.ValueWidth));
        var votes = new AttentionMass(Heads);
        votes.Add(plan, new AttentionSegment(Cache, 0, voters, Cache.Length - voters));
        return [.. Enumerable.Range(0, Heads).Select(head => SnapVote.Choose(Positions(head), votes.Of(head, Cache.Length), Budget))];
    }
}
