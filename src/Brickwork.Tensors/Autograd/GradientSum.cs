namespace Brickwork.Tensors.Autograd;

/// <summary>Where the terms of a gradient are summed up.</summary>
/// <param name="Place">The gradient.</param>
/// <param name="IsNew">Whether this is its first term: the place holds anything until then, and all of it is to be written.</param>
readonly record struct GradientSum(Tensor Place, bool IsNew = false)
{
    public static implicit operator GradientSum(Tensor place) => new(place);

    /// <summary>A stretch to add to. A new one is made zero just before, when it is about to be in the nearest cache anyway.</summary>
    public Span<float> Part(int first, int count)
    {
        var part = Place.Floats.Slice(first, count);
        if (IsNew)
            part.Clear();
        return part;
    }

    /// <summary>The same for what may not be wanted.</summary>
    public static Span<float> Part(in GradientSum? sum, int first, int count) => sum is { } given ? given.Part(first, count) : default;
}
