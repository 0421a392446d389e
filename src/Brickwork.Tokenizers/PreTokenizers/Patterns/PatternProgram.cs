namespace Brickwork.Tokenizers.PreTokenizers.Patterns;

/// <summary>What one step of a compiled pattern does.</summary>
enum StepKind
{
    /// <summary>Takes one code point of the set.</summary>
    Set,

    /// <summary>Takes code points of the set, as many as the bounds allow, and may give some back.</summary>
    Run,

    /// <summary>Goes on at <c>To</c>; if that fails, at <c>Else</c>.</summary>
    Branch,

    /// <summary>Goes on at <c>To</c>.</summary>
    Jump,

    /// <summary>Goes on only if a condition holds here.</summary>
    Anchor,

    /// <summary>Goes on at <c>To</c> only if the steps that follow do (or do not) match here.</summary>
    Look,

    /// <summary>Takes what the steps that follow match, for good; goes on at <c>To</c>.</summary>
    Atomic,

    /// <summary>Leaves a loop whose body matched nothing: fails if the place is that of the loop's start.</summary>
    Mark,

    /// <summary>Fails where nothing was taken since the mark of the same slot.</summary>
    Progress,

    /// <summary>The end of the pattern, of a look, or of an atomic group.</summary>
    Match,
}

/// <summary>One step of a compiled pattern.</summary>
readonly record struct Step(StepKind Kind)
{
    public CodePointSet? Set { get; init; }

    public int Least { get; init; }

    public int Most { get; init; }

    public Greed Greed { get; init; }

    public int To { get; init; }

    public int Else { get; init; }

    public AnchorKind Anchor { get; init; }

    public bool Negated { get; init; }

    /// <summary>How many code points a look-behind goes back.</summary>
    public int Back { get; init; }

    /// <summary>Which mark a loop uses.</summary>
    public int Slot { get; init; }
}

/// <summary>Turns a parsed pattern into steps.</summary>
sealed class PatternProgram
{
    const int MaxSteps = 20_000;

    readonly List<Step> _steps = [];
    readonly string _pattern;

    public PatternProgram(string pattern)
    {
        _pattern = pattern;
        Emit(PatternParser.Parse(pattern));
        Add(new Step(StepKind.Match));
        Steps = [.. _steps];
    }

    public Step[] Steps { get; }

    public int Slots { get; private set; }

    int Add(Step step)
    {
        if (_steps.Count >= MaxSteps)
            throw new UnsupportedModelException($"The tokenizer's pattern '{_pattern[..Math.Min(200, _pattern.Length)]}' is longer than {MaxSteps} steps.", "Report the model.");
        _steps.Add(step);
        return _steps.Count - 1;
    }

    void Emit(PatternNode node)
    {
        switch (node)
        {
            case PatternNode.Set set: Add(new Step(StepKind.Set) { Set = set.CodePoints }); break;
            case PatternNode.Anchor anchor: Add(new Step(StepKind.Anchor) { Anchor = anchor.Kind }); break;
            case PatternNode.Sequence sequence:
                foreach (var item in sequence.Items)
                    Emit(item);
                break;
            case PatternNode.Choice choice: EmitChoice(choice); break;
            case PatternNode.Look look: EmitEnclosed(look.Body, new Step(StepKind.Look) { Negated = look.Negated, Back = look.Behind ? look.Body.Width!.Value : 0 }); break;
            case PatternNode.Atomic atomic: EmitEnclosed(atomic.Body, new Step(StepKind.Atomic)); break;
            case PatternNode.Repeat { Body: PatternNode.Set set } repeat:
                Add(new Step(StepKind.Run) { Set = set.CodePoints, Least = repeat.Least, Most = repeat.Most ?? int.MaxValue, Greed = repeat.Greed });
                break;
            case PatternNode.Repeat { Greed: Greed.Possessive } repeat:
                EmitEnclosed(repeat with { Greed = Greed.Much }, new Step(StepKind.Atomic));
                break;
            case PatternNode.Repeat repeat: EmitRepeat(repeat); break;
        }
    }

    void EmitChoice(PatternNode.Choice choice)
    {
        var jumps = new List<int>();
        for (var i = 0; i < choice.Options.Count; i++)
        {
            var last = i == choice.Options.Count - 1;
            var branch = last ? -1 : Add(default);
            Emit(choice.Options[i]);
            if (last)
                continue;
            jumps.Add(Add(default));
            _steps[branch] = new Step(StepKind.Branch) { To = branch + 1, Else = _steps.Count };
        }
        foreach (var jump in jumps)
            _steps[jump] = new Step(StepKind.Jump) { To = _steps.Count };
    }

    void EmitEnclosed(PatternNode body, Step step)
    {
        var at = Add(default);
        Emit(body);
        Add(new Step(StepKind.Match));
        _steps[at] = step with { To = _steps.Count };
    }

    void EmitRepeat(PatternNode.Repeat repeat)
    {
        for (var i = 0; i < repeat.Least; i++)
            Emit(repeat.Body);
        if (repeat.Most is { } most)
        {
            var branches = new List<int>();
            for (var i = repeat.Least; i < most; i++)
            {
                branches.Add(Add(default));
                Emit(repeat.Body);
            }
            foreach (var branch in branches)
                _steps[branch] = Fork(repeat.Greed, branch + 1, _steps.Count);
            return;
        }
        var slot = Slots++;
        var start = Add(default);
        Add(new Step(StepKind.Mark) { Slot = slot });
        Emit(repeat.Body);
        Add(new Step(StepKind.Progress) { Slot = slot });
        Add(new Step(StepKind.Jump) { To = start });
        _steps[start] = Fork(repeat.Greed, start + 1, _steps.Count);
    }

    static Step Fork(Greed greed, int body, int after) => greed == Greed.Little
        ? new Step(StepKind.Branch) { To = after, Else = body }
        : new Step(StepKind.Branch) { To = body, Else = after };
}
