using Brickwork.Bricks.Merge.Methods;
using Brickwork.Bricks.Merge.Recipes;

namespace Brickwork.Bricks.Merge.Planning;

using Settings = IReadOnlyDictionary<string, MergeSetting>;

/// <summary>Finds the value of a parameter for a tensor: the input's setting wins over the slice's, the module's, the document's, the default.</summary>
/// <param name="document">What is asked for.</param>
/// <param name="method">Its method.</param>
/// <param name="faults">Gets what cannot be.</param>
/// <param name="warnings">Gets settings that only other methods read, as mergekit lets them stand; null = they are faults, too.</param>
sealed class ParameterLookup(MergeDocument document, IMergeMethod method, List<string> faults, List<string>? warnings = null)
{
    /// <summary>mergekit takes them to save memory; results do not depend on them.</summary>
    static readonly string[] Ignored = ["int8_mask"];

    readonly HashSet<string> _told = new(StringComparer.Ordinal);

    public ParameterValues Shared(MergeSlice slice, IReadOnlyList<string> names, double place) =>
        Read(method.Shared, [slice.Parameters, document.ModuleParameters, document.Parameters], names, place, null);

    public ParameterValues PerSource(MergeSlice slice, MergeInput input, IReadOnlyList<string> names, double place) =>
        Read(method.PerSource, [input.Parameters, slice.Parameters, document.ModuleParameters, document.Parameters], names, place, input.Model);

    /// <summary>Adds faults of settings that no method reads and of filters that fit no tensor, and warnings of settings that only others read.</summary>
    public void Check(IReadOnlyList<IReadOnlyList<string>> tensors)
    {
        var every = method.Shared.Concat(method.PerSource).Select(parameter => parameter.Name).Concat(Ignored).ToArray();
        var own = method.PerSource.Select(parameter => parameter.Name).Concat(Ignored).ToArray();
        Check(document.Parameters, every, tensors, "parameters");
        Check(document.ModuleParameters, every, tensors, "the module's parameters");
        foreach (var slice in document.Slices)
        {
            Check(slice.Parameters, every, tensors, "a slice's parameters");
            foreach (var input in slice.Inputs)
                Check(input.Parameters, own, tensors, $"the parameters of {input.Model}");
        }
    }

    /// <summary>Adds a fault once.</summary>
    /// <param name="fault">What cannot be.</param>
    /// <param name="tensor">The tensor where it was found: the same fault of others is not told again.</param>
    public void Fault(string fault, string? tensor = null)
    {
        if (_told.Add(fault))
            faults.Add(tensor is null ? fault : $"{fault} (first in {tensor}).");
    }

    void Check(Settings settings, string[] known, IReadOnlyList<IReadOnlyList<string>> tensors, string where)
    {
        foreach (var (name, setting) in settings)
        {
            if (!known.Contains(name) && warnings is not null && MergeMethods.Parameters.Contains(name))
                warnings.Add($"'{name}' in {where} is not read by {method.Name} and changes nothing.");
            else if (!known.Contains(name))
                Fault($"'{name}' in {where} is not read by {method.Name}; expected one of {string.Join(", ", known.Order(StringComparer.Ordinal))}.");
            foreach (var filter in setting.Filters)
                if (!tensors.Any(names => names.Any(tensor => tensor.Contains(filter, StringComparison.Ordinal))))
                    Fault($"the filter '{filter}' of '{name}' in {where} fits no tensor; expected a part of a name{(NearestName.Of(filter, tensors.SelectMany(names => names)) is { } near ? $" such as '{near}'" : "")}.");
        }
    }

    ParameterValues Read(IReadOnlyList<MergeParameter> parameters, Settings[] levels, IReadOnlyList<string> names, double place, string? model)
    {
        var values = new ParameterValues();
        foreach (var parameter in parameters)
        {
            var found = levels.Select(level => level.TryGetValue(parameter.Name, out var setting) ? setting.At(names, place) : null).FirstOrDefault(value => value is not null);
            var value = found ?? parameter.Default;
            if (value is null)
                Fault($"{method.Name} needs '{parameter.Name}'{(model is null ? "" : $" of {model}")}, which no setting gives{(model == document.BaseModel && model is not null ? ": the base is merged like the others; list it with its own, or leave 'base_model' out" : "")}", names[0]);
            else if (!(value >= parameter.Least && value <= parameter.Most))
                Fault(FormattableString.Invariant($"'{parameter.Name}'{(model is null ? "" : $" of {model}")} is {value}; expected {parameter.Least} … {parameter.Most}."));
            values.Set(parameter.Name, value ?? 0);
        }
        return values;
    }
}
