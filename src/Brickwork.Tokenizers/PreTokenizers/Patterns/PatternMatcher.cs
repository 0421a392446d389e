using System.Runtime.CompilerServices;
using static Brickwork.Tokenizers.PreTokenizers.Patterns.UnicodeClasses;

namespace Brickwork.Tokenizers.PreTokenizers.Patterns;

/// <summary>Runs a compiled pattern over a text by code points; the way back is kept on the heap, so long texts cannot overflow the stack.</summary>
ref struct PatternMatcher(PatternProgram program, ReadOnlySpan<char> text)
{
    // The patterns in use need a few steps a character; a pattern that runs away is stopped.
    const long StepsPerCharacter = 2000, FreeSteps = 1_000_000;

    static readonly CodePointSet WordCharacters = Word().Seal();

    readonly ReadOnlySpan<char> _text = text;
    readonly Step[] _steps = program.Steps;
    readonly int[] _marks = new int[program.Slots];
    readonly List<Choice> _choices = new(16);
    long _budget = FreeSteps + StepsPerCharacter * text.Length;

    /// <summary>A way not yet tried: go on at <paramref name="Step"/> from anywhere between two places, or restore a mark.</summary>
    readonly record struct Choice(int Step, int At, int Least, int Slot);

    /// <summary>Tries to match right at a place.</summary>
    public bool TryMatch(int at, out int end) => TryRun(0, at, out end);

    bool TryRun(int step, int at, out int end)
    {
        var bottom = _choices.Count;
        while (true)
        {
            if (--_budget < 0)
                throw new UnsupportedModelException("A pattern of the tokenizer takes more than 2000 steps a character on this text.", "Report the model and the text.");
            ref readonly var current = ref _steps[step];
            if (current.Kind == StepKind.Match)
            {
                _choices.RemoveRange(bottom, _choices.Count - bottom);
                end = at;
                return true;
            }
            if (TryStep(current, ref step, ref at))
                continue;
            if (!TryBack(bottom, ref step, ref at))
            {
                end = -1;
                return false;
            }
        }
    }

    bool TryStep(in Step current, ref int step, ref int at)
    {
        switch (current.Kind)
        {
            case StepKind.Set:
                step++;
                return TryTake(current.Set!, ref at);
            case StepKind.Run:
                return TryRun(current, ref step, ref at);
            case StepKind.Branch:
                _choices.Add(new Choice(current.Else, at, at, -1));
                step = current.To;
                return true;
            case StepKind.Jump:
                step = current.To;
                return true;
            case StepKind.Anchor:
                step++;
                return Holds(current.Anchor, at);
            case StepKind.Look:
                return TryLook(current, ref step, at);
            case StepKind.Atomic:
                var found = TryRun(step + 1, at, out var end);
                (step, at) = (current.To, end);
                return found;
            case StepKind.Mark:
                _choices.Add(new Choice(-1, _marks[current.Slot], 0, current.Slot));
                _marks[current.Slot] = at;
                step++;
                return true;
            default:
                step++;
                return _marks[current.Slot] != at;
        }
    }

    bool TryBack(int bottom, ref int step, ref int at)
    {
        while (_choices.Count > bottom)
        {
            var choice = _choices[^1];
            _choices.RemoveAt(_choices.Count - 1);
            if (choice.Slot >= 0)
            {
                _marks[choice.Slot] = choice.At;
                continue;
            }
            (step, at) = (choice.Step, choice.At);
            if (at > choice.Least)
                _choices.Add(choice with { At = Before(at) });
            return true;
        }
        return false;
    }

    bool TryRun(in Step current, ref int step, ref int at)
    {
        var count = 0;
        while (count < current.Least && TryTake(current.Set!, ref at))
            count++;
        if (count < current.Least)
            return false;
        if (current.Greed == Greed.Little)
            return TryRunLittle(current, ref step, at, count);
        var least = at;
        while (count < current.Most && TryTake(current.Set!, ref at))
            count++;
        _budget -= count;
        step++;
        if (at > least && current.Greed == Greed.Much)
            _choices.Add(new Choice(step, Before(at), least, -1));
        return true;
    }

    // Taking little is rare; every length goes on the list, the shortest on top.
    bool TryRunLittle(in Step current, ref int step, int at, int count)
    {
        step++;
        var ends = new List<int>();
        while (count++ < current.Most && TryTake(current.Set!, ref at))
            ends.Add(at);
        for (var i = ends.Count - 1; i >= 0; i--)
            _choices.Add(new Choice(step, ends[i], ends[i], -1));
        return true;
    }

    bool TryLook(in Step current, ref int step, int at)
    {
        var start = at;
        for (var i = 0; i < current.Back && start >= 0; i++)
            start = start > 0 ? Before(start) : -1;
        var found = start >= 0 && TryRun(step + 1, start, out _);
        step = current.To;
        return found != current.Negated;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    readonly bool TryTake(CodePointSet set, ref int at)
    {
        if ((uint)at >= (uint)_text.Length)
            return false;
        var letter = _text[at];
        if (!char.IsSurrogate(letter))
        {
            if (!set.Contains(letter))
                return false;
            at++;
            return true;
        }
        var pair = at + 1 < _text.Length && char.IsSurrogatePair(letter, _text[at + 1]);
        if (!set.Contains(pair ? char.ConvertToUtf32(letter, _text[at + 1]) : letter))
            return false;
        at += pair ? 2 : 1;
        return true;
    }

    readonly int Before(int at) => at >= 2 && char.IsSurrogatePair(_text[at - 2], _text[at - 1]) ? at - 2 : at - 1;

    readonly bool Holds(AnchorKind kind, int at) => kind switch
    {
        AnchorKind.Start => at == 0,
        AnchorKind.End => at == _text.Length,
        AnchorKind.EndBeforeNewline => at == _text.Length || (at == _text.Length - 1 && _text[at] == '\n'),
        AnchorKind.WordBoundary => IsWord(at) != (at > 0 && IsWord(Before(at))),
        _ => IsWord(at) == (at > 0 && IsWord(Before(at))),
    };

    readonly bool IsWord(int at) => TryTake(WordCharacters, ref at);
}
