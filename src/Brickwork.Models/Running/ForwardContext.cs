using System.Runtime.InteropServices;
using Brickwork.Models.Cache;
using Brickwork.Models.Parts.Adapters;
using Brickwork.Models.Running;
using Brickwork.Tensors.Autograd;
using Brickwork.Tensors.Operations;
using Brickwork.Tensors.Storage;
using Brickwork.Tensors.Weights;

namespace Brickwork;

/// <summary>Everything one pass needs and no part keeps: scratch memory, which row belongs to which sequence, and their states.</summary>
public sealed partial class ForwardContext
{
    readonly StateMap _states;
    readonly Dictionary<object, Tensor> _left = [];
    readonly Dictionary<object, int> _lent = [];
    readonly Arena _lasting;
    ActivationRows? _sharedRows;
    SegmentTable? _chosenRows;

    /// <summary>A context for one pass after another; it belongs to the runner, which clears it after each.</summary>
    /// <param name="compute">Threads and kernel path.</param>
    /// <param name="arena">Scratch memory of parts.</param>
    /// <param name="lasting">Scratch memory that is not given back before the pass ends.</param>
    /// <param name="states">The parts that remember something.</param>
    internal ForwardContext(Compute compute, Arena arena, Arena lasting, StateMap states)
    {
        Compute = compute;
        Arena = arena;
        Attention = new AttentionPlan(compute, arena);
        _lasting = lasting;
        _states = states;
    }

    /// <summary>The layer the decoder is in.</summary>
    public int Layer { get; internal set; }

    internal Compute Compute { get; }

    internal Arena Arena { get; }

    internal RowLayout Rows { get; } = new();

    /// <summary>Memory for the low-rank changes of one projection; they are run before the next ones are listed.</summary>
    internal List<LowRankTerm> LowRankTerms { get; } = [];

    /// <summary>The attention under way; one at a time.</summary>
    internal AttentionPlan Attention { get; }

    /// <summary>Remembers the operations of the pass for their gradients; null = nobody asks for any.</summary>
    internal Tape? Tape { get; set; }

    /// <summary>Gives back, when disposed, the scratch memory taken since, unless a tape still needs it.</summary>
    internal Arena.Scope Mark() => Tape is null ? Arena.Mark() : default;

    /// <summary>Whether a tape keeps what goes into a layer only, and computes the rest again.</summary>
    internal bool ReplaysLayers { get; set; }

    /// <summary>Runs one layer of the decoder.</summary>
    internal Tensor RunLayer(IPart layer, Tensor hidden) =>
        Tape is not null && ReplaysLayers ? BlockReplay.Forward(layer, hidden, this) : layer.Forward(hidden, this);

    /// <summary>The rows whose output is wanted.</summary>
    internal Tensor OutputRows(Tensor hidden)
    {
        var wanted = Rows.OutputRows;
        ChooseBricks(wanted, 1);
        return Choose(hidden, wanted);
    }

    /// <summary>Which strengths of bricks the rows at hand are under; one run or none = all rows are under the same.</summary>
    internal SegmentTable BrickRows => _chosenRows ?? Rows.Bricks;

    /// <summary>How strongly a brick works on the rows at hand; null where they differ.</summary>
    internal float? StrengthOf(Adapter adapter) => BrickRows.Ids.Length switch
    {
        0 => adapter.Strength,
        1 => StrengthOf(adapter, BrickRows.Ids[0]),
        _ => null,
    };

    /// <summary>How strongly a brick works on a run of <see cref="BrickRows"/>.</summary>
    internal float StrengthOf(Adapter adapter, int run) => run < 0 ? adapter.Strength : Rows.Strengths[run].Of(adapter.Brick);

    /// <summary>While the scope is open, the rows at hand are some of those before.</summary>
    /// <param name="places">Which; a place is row · <paramref name="perRow"/> + something.</param>
    /// <param name="perRow">Places of a row.</param>
    internal ChosenScope ChooseBricks(ReadOnlySpan<int> places, int perRow)
    {
        var outer = _chosenRows;
        if (BrickRows.Ids.Length > 1)
        {
            var chosen = new SegmentTable();
            foreach (var place in places)
                chosen.Append(1, BrickRows.IdOf(place / perRow));
            _chosenRows = chosen;
        }
        return new ChosenScope(this, outer);
    }

    /// <summary>A matrix of scratch memory with unspecified contents.</summary>
    internal Tensor Take(int rows, int columns) => Arena.Take(rows, columns);

    /// <summary>The same, which lives until the pass ends even where a part gives its scratch memory back.</summary>
    internal Tensor TakeLasting(int rows, int columns) => _lasting.Take(rows, columns);

    /// <summary>Scratch memory for whole numbers, with unspecified contents.</summary>
    internal Span<int> TakeIntegers(int count) => MemoryMarshal.Cast<float, int>(Take(1, count).Floats);

    /// <summary>What <paramref name="part"/> remembers of the sequence of <paramref name="segment"/>.</summary>
    internal TState State<TState>(IStateful part, in Segment segment) where TState : SequenceState =>
        State<TState>(StateIndex(part), segment);

    /// <summary>The same by the number of the state.</summary>
    internal static TState State<TState>(int state, in Segment segment) where TState : SequenceState =>
        (TState)segment.Sequence.States[state];

    /// <summary>The number of a part's state in every sequence.</summary>
    internal int StateIndex(IStateful part) => _states.IndexOf(Layer, part);

    /// <summary>Leaves something for parts of later layers, in memory that lives until the pass ends.</summary>
    internal void Leave(object key, Tensor value) => _left[key] = value;

    /// <summary>What an earlier part left under <paramref name="key"/>.</summary>
    internal Tensor Left(object key) => _left[key];

    /// <summary>Lets parts of later layers look at what a part of this layer remembers.</summary>
    /// <param name="key">Under which they find it.</param>
    /// <param name="state">The <see cref="StateIndex"/> of the part.</param>
    internal void Lend(object key, int state) => _lent[key] = state;

    /// <summary>The number of the state that was lent under <paramref name="key"/>.</summary>
    internal int Lent(object key) => _lent[key];

    /// <summary>While the scope is open, products with <paramref name="input"/> share its 8-bit form.</summary>
    internal SharedScope Share(Tensor input) => Share(Activations(input));

    /// <summary>The same with rows whose 8-bit form is there.</summary>
    internal SharedScope Share(in ActivationRows rows)
    {
        var outer = _sharedRows;
        _sharedRows = rows;
        return new SharedScope(this, outer);
    }

    /// <summary>What a part works on: hidden rows after its norm. While the scope is open, products with them share their 8-bit form.</summary>
    internal SharedScope Normalize(IPart? norm, Tensor hidden, out Tensor rows)
    {
        if (Tape is null && norm is Models.Parts.RmsNorm whole && whole.IsOfWholeRows(hidden.Columns))
        {
            var normed = ActivationRows.Normalized(Compute, hidden, whole.Gain, whole.Epsilon, Arena);
            rows = normed.Values;
            return Share(normed);
        }
        rows = norm?.Forward(hidden, this) ?? hidden;
        return new SharedScope(this, _sharedRows);
    }

    /// <summary>The rows to multiply, with the shared 8-bit form where a scope holds it.</summary>
    internal ActivationRows Activations(Tensor input) =>
        _sharedRows is { } shared && shared.Values.IsSameAs(input) ? shared : ActivationRows.Of(Compute, input, Arena);

    /// <summary>Ends a pass: nothing of it is kept but the memory.</summary>
    internal void Clear()
    {
        Rows.Clear();
        _chosenRows = null;
        Attention.Clear();
        _left.Clear();
        _lent.Clear();
    }

    internal readonly struct ChosenScope(ForwardContext context, SegmentTable? outer) : IDisposable
    {
        public void Dispose() => context._chosenRows = outer;
    }

    internal readonly struct SharedScope(ForwardContext context, ActivationRows? outer) : IDisposable
    {
        public void Dispose() => context._sharedRows = outer;
    }
}
