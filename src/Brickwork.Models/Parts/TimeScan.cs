using Brickwork.Kernels.Threading;
using Brickwork.Models.Running;

namespace Brickwork.Models.Parts;

/// <summary>What one row does to the memory of one lane; lanes (heads, or groups of channels) do not look at each other.</summary>
interface IRecurrence
{
    /// <param name="row">The row of the pass.</param>
    /// <param name="lane">Which lane.</param>
    /// <param name="memory">What the lane remembers of the rows before, changed.</param>
    void Step(int row, int lane, Span<float> memory);
}

/// <summary>Takes the rows of each sequence through a recurrence one by one; lanes and sequences run on several threads.</summary>
/// <remarks>A row meets the same memory however its sequence was cut into passes, so the cut changes no bit.</remarks>
static class TimeScan
{
    /// <summary>Less than this is done before another thread has woken up.</summary>
    const long SmallWork = 16 * 1024;

    /// <param name="context">The pass.</param>
    /// <param name="owner">The part whose state holds the memories, lane after lane.</param>
    /// <param name="lanes">How many lanes.</param>
    /// <param name="laneFloats">Values of one lane's memory.</param>
    /// <param name="recurrence">The step.</param>
    public static void Run<TRecurrence>(
        ForwardContext context, IStateful owner, int lanes, int laneFloats, in TRecurrence recurrence)
        where TRecurrence : struct, IRecurrence
    {
        var state = context.StateIndex(owner);
        foreach (ref readonly var segment in context.Rows.Segments)
            ForwardContext.State<RecurrentState>(state, segment).Position += segment.Count;
        var job = new Job<TRecurrence>(context.Rows, state, lanes, laneFloats, recurrence);
        var chunks = context.Rows.Segments.Length * lanes;
        if ((long)context.Rows.Count * lanes * laneFloats > SmallWork)
            context.Compute.Team.Run(chunks, job);
        else
            for (var chunk = 0; chunk < chunks; chunk++)
                job.Run(chunk);
    }

    readonly struct Job<TRecurrence>(RowLayout rows, int state, int lanes, int laneFloats, TRecurrence recurrence)
        : IParallelJob where TRecurrence : struct, IRecurrence
    {
        public void Run(int chunk)
        {
            ref readonly var segment = ref rows.Segments[chunk / lanes];
            var lane = chunk % lanes;
            var memory = ForwardContext.State<RecurrentState>(state, segment).Values.Floats.Slice(lane * laneFloats, laneFloats);
            for (var row = segment.FirstRow; row < segment.FirstRow + segment.Count; row++)
                recurrence.Step(row, lane, memory);
        }
    }
}
