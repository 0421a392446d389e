using Brickwork.Bricks.Plug;
using Brickwork.Models.HuggingFace;
using Brickwork.Models.HuggingFace.Transforms;

namespace Brickwork.Bricks.Peft;

/// <summary>Where a module of Hugging Face's stands in a model, and how the rows of its output are ordered there.</summary>
/// <param name="Instance">The rule that names the module's weight.</param>
/// <param name="Index">Which of the rule's weights it is.</param>
sealed record PeftPlace(RuleInstance Instance, int Index);

/// <summary>Names of modules ↔ targets of a brick, for one model.</summary>
sealed class PeftNames
{
    const string Weight = ".weight";

    readonly Dictionary<string, PeftPlace> _byModule = new(StringComparer.Ordinal);
    readonly CanonicalModel _model;
    readonly TargetIndex _index;

    /// <exception cref="UnsupportedModelException">The family has no counterpart in Hugging Face's vocabulary.</exception>
    public PeftNames(LanguageModel model)
    {
        _model = new CanonicalModel(model.Metadata.Text("general.architecture"), model.Metadata, model.Checkpoint);
        _index = new TargetIndex(model);
        foreach (var instance in HuggingFaceMaps.Find(_model).Tensors.SelectMany(rule => rule.Instances(_model)))
            for (var index = 0; index < instance.Names.Count; index++)
                if (instance.Names[index].EndsWith(Weight, StringComparison.Ordinal))
                    _byModule.TryAdd(instance.Names[index][..^Weight.Length], new PeftPlace(instance, index));
    }

    public TargetIndex Targets => _index;

    /// <summary>The targets that a module is made of here: several where its rows belong to several tensors.</summary>
    /// <exception cref="CheckpointException">The model has no such module.</exception>
    public IReadOnlyList<string> TargetsOf(string module, string source)
    {
        var place = PlaceOf(module, source);
        if (place.Instance.Rule.Transform is Halves)
            return place.Instance.Canonical;
        var tensor = place.Instance.Canonical[0];
        if (place.Instance.Rule.Transform is not (Stacked or Joined))
            return tensor is TargetIndex.Tokens || _index.Find(tensor).Count > 0 ? [tensor] : throw Missing(module, source);
        var parts = _index.Find(tensor);
        return place.Index < parts.Count ? [parts.OrderBy(part => part.FirstRow).ElementAt(place.Index).Name] : throw Missing(module, source);
    }

    /// <summary>Values by output, [out, n] or [out], in the order of this model's rows: one for each target.</summary>
    public IReadOnlyList<Tensor> FromPeft(string module, Tensor outputs, string source)
    {
        var place = PlaceOf(module, source);
        return place.Instance.Rule.Transform is RowOrder or Halves
            ? [.. place.Instance.Rule.Transform.Read(place.Instance, [SourceOf(outputs, module)], _model).Select(recipe => recipe.Make())]
            : [outputs];
    }

    /// <summary>The module that a target is, and a way to put values by output into its order.</summary>
    /// <exception cref="UnsupportedModelException">PEFT could not name it.</exception>
    public (string Module, Func<Tensor, Tensor> Order) ModuleOf(string target, string brick)
    {
        var (tensor, index) = target.Contains(Weight, StringComparison.Ordinal) ? (target, 0) : PlaceIn(target);
        foreach (var (module, place) in _byModule)
            if (place.Instance.Canonical[0] == tensor && place.Index == index)
                switch (place.Instance.Rule.Transform)
                {
                    case RowOrder order:
                        return (module, outputs => order.Write(place.Instance, [SourceOf(outputs, module)], _model).Single().Make());
                    case SameTensor or Transposed or Stacked or Joined:
                        return (module, outputs => outputs);
                    default:
                        break;
                }
        throw new UnsupportedModelException($"Brick '{brick}' changes '{target}', which is no module by itself in Hugging Face's vocabulary of {_model.Architecture}.", "Keep it as a .brick file.");
    }

    (string Tensor, int Index) PlaceIn(string slot)
    {
        if (_index.Find(slot) is not [{ Part.Origin: { } origin } projection])
            return (slot, 0);
        return (origin.Tensor, _index.Find(origin.Tensor).OrderBy(part => part.FirstRow).ToList().IndexOf(projection));
    }

    PeftPlace PlaceOf(string module, string source)
    {
        if (!_byModule.TryGetValue(module, out var place))
            throw Missing(module, source);
        return place.Instance.Rule.Transform is SameTensor or RowOrder or Halves or Transposed or Stacked or Joined ? place : throw new UnsupportedModelException(
            $"{source} changes module '{module}', which is stored in another form here.", "Merge the adapter into its model with the library it comes from.");
    }

    static TensorSource SourceOf(Tensor values, string module) => new(new TensorInfo(module + Weight, values.Type, values.Shape), () => values);

    CheckpointException Missing(string module, string source) => new(
        $"{source} changes module '{module}', but {_index.Model.Config.Name} ({_model.Architecture}, {_model.Layers} layers) has no such module.",
        "The adapter is for another model: name its base model with -m.");
}
