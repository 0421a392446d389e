namespace Brickwork.Inference.Chat;

/// <summary>The turns of a conversation: what the user set up, then questions and answers.</summary>
sealed class ChatHistory
{
    readonly List<ChatTurn> _turns = [];

    internal ChatHistory(string? system)
    {
        if (!string.IsNullOrEmpty(system))
            _turns.Add(new ChatTurn("system", system));
    }

    internal IReadOnlyList<ChatTurn> Turns => _turns;

    // What comes before the first question is never dropped.
    int Setup => _turns.TakeWhile(turn => turn.Role == "system").Count();

    /// <summary>How many turns were dropped because the context was too small for them.</summary>
    internal int Dropped { get; private set; }

    internal int Asked { get; private set; }

    /// <summary>The tokens of the conversation with one more question. The oldest pairs are dropped until a quarter of the context is free.</summary>
    /// <exception cref="PromptTooLongException">The question does not even fit alone; nothing was dropped.</exception>
    internal int[] Ask(string question, Func<IReadOnlyList<ChatTurn>, int[]> encode, int context)
    {
        var asked = new ChatTurn("user", question);
        for (var dropped = 0; ; dropped = Math.Min(dropped + 2, _turns.Count - Setup))
        {
            var tokens = encode([.. _turns.Take(Setup), .. _turns.Skip(Setup + dropped), asked]);
            var isAlone = Setup + dropped == _turns.Count;
            if (tokens.Length > context - context / 4 && !isAlone)
                continue;
            if (tokens.Length > context)
                throw new PromptTooLongException(tokens.Length, context);
            _turns.RemoveRange(Setup, dropped);
            Dropped += dropped;
            return tokens;
        }
    }

    internal void Add(string question, string answer)
    {
        _turns.Add(new ChatTurn("user", question));
        _turns.Add(new ChatTurn("assistant", answer));
        Asked++;
    }

    internal void Clear()
    {
        _turns.RemoveRange(Setup, _turns.Count - Setup);
        Dropped = 0;
        Asked = 0;
    }

    internal void Restore(IEnumerable<ChatTurn> turns, int dropped, int asked)
    {
        _turns.Clear();
        _turns.AddRange(turns);
        Dropped = dropped;
        Asked = asked;
    }
}
