namespace Brickwork.Bricks.Merge.Recipes;

/// <summary>What a recipe says about a parameter; truth values are 1 and 0.</summary>
abstract record MergeSetting
{
    /// <summary>The value for a tensor; null where the setting says nothing about it.</summary>
    /// <param name="names">The names the tensor goes by; a filter may stand in any of them.</param>
    /// <param name="place">How far into its slice the layer is, 0 … 1.</param>
    public abstract double? At(IReadOnlyList<string> names, double place);

    /// <summary>The texts that tensors are filtered by.</summary>
    public virtual IEnumerable<string> Filters => [];

    public sealed record Constant(double Value) : MergeSetting
    {
        public override double? At(IReadOnlyList<string> names, double place) => Value;
    }

    /// <summary>Values along the layers: between two of them a straight line, or for truth values the nearest below.</summary>
    public sealed record Gradient(IReadOnlyList<double> Values, bool IsStepwise) : MergeSetting
    {
        public override double? At(IReadOnlyList<string> names, double place)
        {
            var scaled = place * (Values.Count - 1);
            var low = (int)scaled;
            if (IsStepwise)
                return Values[low];
            var share = scaled - low;
            return (1 - share) * Values[low] + share * Values[Math.Min(low + 1, Values.Count - 1)];
        }
    }

    /// <summary>The first case whose text stands in the tensor's name; a case without one fits all.</summary>
    public sealed record Filtered(IReadOnlyList<(string? Filter, MergeSetting Value)> Cases) : MergeSetting
    {
        public override IEnumerable<string> Filters => Cases.Select(entry => entry.Filter).OfType<string>();

        public override double? At(IReadOnlyList<string> names, double place)
        {
            foreach (var (filter, value) in Cases)
                if (filter is null || names.Any(name => name.Contains(filter, StringComparison.Ordinal)))
                    return value.At(names, place);
            return null;
        }
    }
}
