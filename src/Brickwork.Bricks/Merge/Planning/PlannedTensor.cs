namespace Brickwork.Bricks.Merge.Planning;

/// <summary>One tensor of an input.</summary>
/// <param name="Model">The model.</param>
/// <param name="Tensor">Its tensor.</param>
/// <param name="Parameters">Of the method; none for the base.</param>
sealed record PlannedInput(MergeModel Model, TensorInfo Tensor, ParameterValues Parameters);

/// <summary>One tensor of the result and how it is made.</summary>
/// <param name="Info">As it will be stored.</param>
/// <param name="Method">null = the first input is copied: it holds no weights.</param>
/// <param name="Base">The origin of differences, or null.</param>
/// <param name="Inputs">At least one.</param>
/// <param name="Shared">Parameters of the whole tensor.</param>
/// <param name="Rows">Whose rows are tokens in an order of their own; null = all the same.</param>
sealed record PlannedTensor(TensorInfo Info, IMergeMethod? Method, PlannedInput? Base, IReadOnlyList<PlannedInput> Inputs, ParameterValues Shared, Vocabulary? Rows)
{
    public IEnumerable<PlannedInput> Read => Base is null ? Inputs : Inputs.Prepend(Base);

    /// <summary>What the changes of the inputs are measured from, whether the method looks at it or not; null = nothing.</summary>
    public PlannedInput? Origin { get; init; }

    /// <summary>Whether an input has a value for each of the result's.</summary>
    public bool IsWhole(PlannedInput input) => Rows is not null || input.Tensor.Shape == Info.Shape;

    /// <summary>The values of an input, its rows in the order of the result's, which may be fewer.</summary>
    public TensorValues Load(PlannedInput input, Func<MergeModel, TensorInfo, TensorValues> load) => Rows is not { } vocabulary ? load(input.Model, input.Tensor with { Shape = Info.Shape })
        : vocabulary.Arrange(input.Model, model => load(model, model.Find(Info.Name) ?? input.Tensor).Whole, Info.Shape.Rank == 1 ? 1 : Info.Shape.Columns);

    /// <summary>Whether what is merged is its distance from 1.</summary>
    public bool IsLessOne => Read.First() is var first && first.Model.IsLessOne(first.Tensor.Name);

    /// <summary>
    /// Bytes that are taken while it is made, in files apart: the bytes written and the result in F32, which files that are written part by part do without;
    /// where the method must see all of its inputs at once, these in F32, too, and masks and ranks of one byte and four.
    /// </summary>
    public long PeakBytes => Info.Bytes + Info.Shape.Count * (sizeof(float) + (Method is IStreamedMethod or null && Rows is null ? 0 : sizeof(float) * (Read.Count() + 1) + Inputs.Count));
}
