namespace Brickwork.Bricks.Merge;

/// <summary>Makes a stretch of a result; called for stretches in any order, on any thread.</summary>
delegate void StretchMerge(Stretch stretch, Span<float> result);

/// <summary>A method that never needs more of its inputs at once than a stretch: whatever it must know of the whole tensor are a few numbers.</summary>
interface IStreamedMethod : IMergeMethod
{
    /// <summary>Learns what it must know of the whole tensor, and gives what makes each stretch of the result.</summary>
    /// <exception cref="RecipeException">The values of this tensor cannot be merged this way.</exception>
    StretchMerge Begin(MergeTensors tensors);

    void IMergeMethod.Run(MergeTensors tensors, float[] result)
    {
        var merge = Begin(tensors);
        tensors.ForStretches(stretch => merge(stretch, result.AsSpan(stretch.First, stretch.Length)));
    }
}
