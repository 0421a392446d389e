using Brickwork.Models.Running;
using Brickwork.Tensors.Storage;
using Brickwork.Tensors.Weights;

namespace Brickwork;

/// <summary>Everything one pass needs and no part keeps: scratch memory, which row belongs to which sequence, and their states.</summary>
public sealed class ForwardContext
{
    readonly StateMap _states;
    readonly Dictionary<object, object> _left = [];
    readonly Arena _lasting;
    ActivationRows? _sharedRows;

    /// <param name="compute">Threads and kernel path.</param>
    /// <param name="arena">Scratch memory of parts.</param>
    /// <param name="lasting">Scratch memory that is not given back before the pass ends.</param>
    /// <param name="states">The parts that remember something.</param>
    /// <param name="rows">Which row belongs to which sequence.</param>
    internal ForwardContext(Compute compute, Arena arena, Arena lasting, StateMap states, RowLayout rows)
    {
        Compute = compute;
        Arena = arena;
        _lasting = lasting;
        _states = states;
        Rows = rows;
    }

    /// <summary>The layer the decoder is in.</summary>
    public int Layer { get; internal set; }

    internal Compute Compute { get; }

    internal Arena Arena { get; }

    internal RowLayout Rows { get; }

    /// <summary>A matrix of scratch memory with unspecified contents.</summary>
    internal Tensor Take(int rows, int columns) => Arena.Take(rows, columns);

    /// <summary>The same, which lives until the pass ends even where a part gives its scratch memory back.</summary>
    internal Tensor TakeLasting(int rows, int columns) => _lasting.Take(rows, columns);

    /// <summary>What <paramref name="part"/> remembers of the sequence of <paramref name="segment"/>.</summary>
    internal TState State<TState>(IStateful part, Segment segment) where TState : SequenceState =>
        (TState)segment.Sequence.States[_states.IndexOf(Layer, part)];

    /// <summary>Leaves something for parts of later layers; a tensor in memory that lives until the pass ends.</summary>
    internal void Leave(object key, object value) => _left[key] = value;

    /// <summary>What an earlier part left under <paramref name="key"/>.</summary>
    internal T Left<T>(object key) => (T)_left[key];

    /// <summary>While the scope is open, products with <paramref name="input"/> share its 8-bit form.</summary>
    internal SharedScope Share(Tensor input)
    {
        var outer = _sharedRows;
        _sharedRows = ActivationRows.Of(Compute, input, Arena);
        return new SharedScope(this, outer);
    }

    /// <summary>The rows to multiply, with the shared 8-bit form where a scope holds it.</summary>
    internal ActivationRows Activations(Tensor input) =>
        _sharedRows is { } shared && shared.Values.IsSameAs(input) ? shared : ActivationRows.Of(Compute, input, Arena);

    internal readonly struct SharedScope(ForwardContext context, ActivationRows? outer) : IDisposable
    {
        public void Dispose() => context._sharedRows = outer;
    }
}
