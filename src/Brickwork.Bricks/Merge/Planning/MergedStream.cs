using Brickwork.Formats;

namespace Brickwork.Bricks.Merge.Planning;

/// <summary>A tensor of a merge, made part by part.</summary>
sealed class MergedStream(MergeTensors tensors, StretchMerge merge, Action close) : ITensorStream
{
    public Shape Shape => tensors.Shape;

    public int PartLength => Stretch.Most;

    public void Read(int first, Span<float> values) => tensors.Within(first, values, merge);

    public void Release(int first, int count) => tensors.Release(first, first + count);

    public void Dispose() => close();
}
