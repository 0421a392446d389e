using Brickwork.Bricks.Merge.Planning;

namespace Brickwork.Bricks.Merge;

/// <summary>What a method has to know of whole models before it can merge a tensor. It is found when it is first asked for.</summary>
interface IPreparation
{
    /// <summary>Bytes it keeps beside the tensors that are being merged.</summary>
    long Bytes { get; }

    /// <summary>An input of a tensor, with what is known of it or in another order. May be called by several threads at once.</summary>
    /// <exception cref="CheckpointException">A model cannot be read as the method needs it.</exception>
    MergeSource Prepare(PlannedTensor planned, PlannedInput input, MergeSource source);
}

/// <summary>What there is to find something out from.</summary>
/// <param name="Models">All models of the recipe.</param>
/// <param name="Texts">The text of each that has one.</param>
/// <param name="Options">Threads and cancellation.</param>
sealed record PreparationInputs(IReadOnlyList<MergeModel> Models, IReadOnlyDictionary<MergeModel, string> Texts, MergeOptions Options);
