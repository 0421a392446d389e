using Brickwork.Tensors.Storage;

namespace Brickwork.Tensors.Autograd;

/// <summary>Remembers the operations of a pass, to run them backwards: reverse-mode differentiation.</summary>
/// <remarks>
/// A stack: what was recorded since a mark can be run backwards and forgotten at once, together with the memory it took. That serves
/// losses that are computed piece by piece and blocks that are computed again instead of being remembered (Chen et al. 2016).
/// Nothing is cleared ahead: the first step that adds to a gradient overwrites it, or finds it zero.
/// </remarks>
sealed class Tape : IDisposable
{
    readonly ShadowMemory _gradients;
    readonly List<IGradient> _steps = [];
    readonly HashSet<TensorStorage> _watched = new(ReferenceEqualityComparer.Instance);
    readonly TensorRanges _computed = new();
    readonly Coverage _begun = new();

    /// <param name="compute">Threads and kernel path.</param>
    /// <param name="arena">Where the values of the pass lie; whoever owns it keeps it longer than the tape.</param>
    public Tape(Compute compute, Arena arena)
    {
        Compute = compute;
        Arena = arena;
        _gradients = new ShadowMemory(compute);
    }

    public Compute Compute { get; }

    public Arena Arena { get; }

    /// <summary>Memory for values, which lives until the pass is forgotten.</summary>
    public Tensor Take(params ReadOnlySpan<long> dimensions) => Arena.Take(dimensions);

    /// <summary>Wants the gradient of a parameter, which has its memory for itself and outside the arena: once begun, it is begun for good.</summary>
    /// <returns>Where the gradient is summed up, pass after pass, until somebody clears it.</returns>
    public Tensor Watch(Tensor parameter)
    {
        _watched.Add(parameter.Memory);
        return Gradient(parameter);
    }

    /// <summary>Whether a value is watched, part of what is watched, or computed from it.</summary>
    public bool Wants(Tensor value) => _watched.Contains(value.Memory) || _computed.Contains(value);

    /// <summary>The gradient of a value: F32, of its shape; zero where nothing was added to it.</summary>
    public Tensor Gradient(Tensor value)
    {
        _gradients.Clear(value.Memory, _begun.Add(value));
        return _gradients.Of(value);
    }

    /// <summary>The gradient of a value where it is wanted; null elsewhere.</summary>
    public Tensor? TryGradient(Tensor? value) => value is { } some && Wants(some) ? Gradient(some) : null;

    /// <summary>The gradient of a value where it is wanted, to be added to, or written where nothing was added yet.</summary>
    public GradientSum? TrySum(Tensor? value)
    {
        if (value is not { } some || !Wants(some))
            return null;
        var gaps = _begun.Add(some);
        var isNew = gaps is [var gap] && gap.To - gap.From == some.Bytes;
        if (!isNew)
            _gradients.Clear(some.Memory, gaps);
        return new(_gradients.Of(some), isNew);
    }

    /// <summary>The place of the gradient of a computed value that is about to be written as a whole.</summary>
    public Tensor NewGradient(Tensor value)
    {
        _begun.Add(value);
        return _gradients.Of(value);
    }

    /// <summary>Takes a step that computed <paramref name="output"/>, whose gradient is wanted from now on.</summary>
    /// <remarks>A step without anything wanted among its inputs is not to be recorded.</remarks>
    public void Record(Tensor output, IGradient step)
    {
        _steps.Add(step);
        _computed.Add(output);
    }

    /// <summary>A place to go back to.</summary>
    public Mark Here() => new(_steps.Count, _computed.Count, Arena.Mark());

    /// <summary>Runs the steps since the mark backwards; the gradients of what they computed last were set before.</summary>
    public void Backward(Mark since)
    {
        while (_steps.Count > since.Steps)
        {
            var step = _steps[^1];
            _steps.RemoveAt(_steps.Count - 1);
            step.Backward(this);
        }
    }

    /// <summary>Forgets the steps and values since the mark and gives their memory back.</summary>
    public void Forget(Mark since)
    {
        _steps.RemoveRange(since.Steps, _steps.Count - since.Steps);
        _computed.Truncate(since.Values);
        foreach (var (block, from, to) in Arena.Since(since.Memory))
            _begun.Remove(block, from, to);
        since.Memory.Dispose();
    }

    public void Dispose() => _gradients.Dispose();

    /// <summary>How many steps and values there were, and where the memory ended.</summary>
    public readonly record struct Mark(int Steps, int Values, Arena.Scope Memory);
}
