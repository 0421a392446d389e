using Brickwork.Bricks.Merge.Planning;

namespace Brickwork.Bricks.Merge;

/// <summary>What the base model is to a method.</summary>
enum BaseUse
{
    /// <summary>An input like the others, where it is listed.</summary>
    None,

    /// <summary>The origin of differences, where there is one.</summary>
    Optional,

    /// <summary>The origin of differences.</summary>
    Required,
}

/// <summary>A way to make one tensor of several.</summary>
interface IMergeMethod
{
    /// <summary>As in recipes.</summary>
    string Name { get; }

    BaseUse Base => BaseUse.None;

    /// <summary>The least number of inputs beside the base.</summary>
    int LeastSources => 1;

    /// <summary>The most.</summary>
    int MostSources => int.MaxValue;

    /// <summary>Parameters of a whole tensor.</summary>
    IReadOnlyList<MergeParameter> Shared => [];

    /// <summary>Parameters of each input beside the base.</summary>
    IReadOnlyList<MergeParameter> PerSource => [];

    /// <summary>Whether models are run over texts first.</summary>
    bool NeedsTexts => false;

    /// <summary>What of the models the method cannot work on.</summary>
    IEnumerable<string> FaultsOf(IReadOnlyList<MergeModel> models) => [];

    /// <summary>What has to be known of whole models; null = nothing.</summary>
    IPreparation? Prepare(PreparationInputs inputs) => null;

    /// <summary>What is wrong with values that are each within their limits; null = nothing.</summary>
    string? Fault(ParameterValues shared, IReadOnlyList<ParameterValues> sources, MergeDialect dialect, bool strict) => null;

    /// <summary>Merges a tensor.</summary>
    /// <exception cref="RecipeException">The values of this tensor cannot be merged this way.</exception>
    void Run(MergeTensors tensors, float[] result);
}
