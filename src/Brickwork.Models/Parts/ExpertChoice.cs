namespace Brickwork.Models.Parts;

/// <summary>The experts of every row of a pass and their weights, by row and by expert, in scratch memory.</summary>
/// <remarks>T rows, E experts, U experts used by a row. A place is row · U + rank.</remarks>
readonly ref struct ExpertChoice
{
    readonly int _used;
    readonly Span<int> _experts;    // [T*U] by place
    readonly Span<int> _places;     // [T*U] by expert, ascending within each
    readonly Span<int> _ends;       // [E] where an expert's places end

    /// <summary>Lets every row choose.</summary>
    /// <param name="routing">How.</param>
    /// <param name="logits">[T, E]; overwritten by the scores where there is no tape.</param>
    /// <param name="context">The pass.</param>
    public ExpertChoice(ExpertRouting routing, Tensor logits, ForwardContext context)
    {
        _used = routing.Used;
        var places = logits.Rows * _used;
        Weights = context.Take(logits.Rows, _used);
        var scores = logits;
        if (context.Tape is not null)
            logits.Floats.CopyTo((scores = context.Take(logits.Rows, logits.Columns)).Floats);
        _experts = context.TakeIntegers(places);
        _places = context.TakeIntegers(places);
        _ends = context.TakeIntegers(logits.Columns);
        for (var row = 0; row < logits.Rows; row++)
            routing.Choose(scores.Row(row), _experts.Slice(row * _used, _used), Weights.Row(row));
        if (context.Tape is { } tape)
            routing.Record(tape, logits, scores, _experts, Weights);
        SortByExpert();
    }

    /// <summary>[T, U], the best first.</summary>
    public Tensor Weights { get; }

    /// <summary>Where an expert was chosen, ascending.</summary>
    public ReadOnlySpan<int> PlacesOf(int expert) => _places[(expert == 0 ? 0 : _ends[expert - 1]).._ends[expert]];

    /// <summary>Counting sort: how many places each expert has, then where they begin, then the places in order.</summary>
    void SortByExpert()
    {
        _ends.Clear();
        foreach (var expert in _experts)
            _ends[expert]++;
        var first = 0;
        foreach (ref var end in _ends)
            (end, first) = (first, first + end);
        for (var place = 0; place < _experts.Length; place++)
            _places[_ends[_experts[place]]++] = place;
    }
}
