using Brickwork.Models.Running;
using Brickwork.Tensors.Storage;
using Brickwork.Tensors.Weights;

namespace Brickwork;

/// <summary>Everything one pass needs and no part keeps: scratch memory, which row belongs to which sequence, and their states.</summary>
public sealed class ForwardContext
{
    readonly StateMap _states;
    readonly Dictionary<object, Tensor> _shared = [];
    ActivationRows? _sharedRows;

    internal ForwardContext(Compute compute, Arena arena, StateMap states, RowLayout rows)
    {
        Compute = compute;
        Arena = arena;
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

    /// <summary>What <paramref name="part"/> remembers of the sequence of <paramref name="segment"/>.</summary>
    internal TState State<TState>(IStateful part, Segment segment) where TState : SequenceState =>
        (TState)segment.Sequence.States[_states.IndexOf(Layer, part)];

    /// <summary>Leaves a tensor for parts of later layers, in memory that must live until the pass ends.</summary>
    internal void Leave(object key, Tensor tensor) => _shared[key] = tensor;

    /// <summary>What an earlier part left under <paramref name="key"/>.</summary>
    internal Tensor Left(object key) => _shared[key];

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
