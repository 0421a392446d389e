namespace Brickwork.Tokenizers.Special;

/// <summary>Which ids play which role, and what every token is treated as: what the file says, completed by the tokens' texts.</summary>
sealed class SpecialTokens
{
    readonly TokenizerDefinition _definition;
    readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    readonly SortedSet<int> _ends = [];

    public SpecialTokens(TokenizerDefinition definition)
    {
        _definition = definition;
        CheckIds();
        Types = [.. definition.TokenTypes ?? Enumerable.Repeat(TokenType.Normal, definition.Tokens.Count)];
        foreach (var name in AllNames)
        {
            // Looking only for known names keeps a vocabulary of 250 000 texts from being hashed twice.
            _ids[name] = -1;
        }
        for (var id = 0; id < definition.Tokens.Count; id++)
        {
            if (_ids.TryGetValue(definition.Tokens[id], out var known) && known < 0)
                _ids[definition.Tokens[id]] = id;
        }
        FindRoles();
        FindEnds();
    }

    public TokenType[] Types { get; }

    public IReadOnlySet<int> Ends => _ends;

    public int? Eot { get; private set; }

    public int? Eom { get; private set; }

    public int? FimPrefix { get; private set; }

    public int? FimSuffix { get; private set; }

    public int? FimMiddle { get; private set; }

    static IEnumerable<string> AllNames =>
    [
        .. SpecialTokenNames.EndOfGeneration, .. SpecialTokenNames.AlwaysRendered, .. SpecialTokenNames.FimPrefix, .. SpecialTokenNames.FimSuffix,
        .. SpecialTokenNames.FimMiddle, .. SpecialTokenNames.FimPadding, .. SpecialTokenNames.FimRepository, .. SpecialTokenNames.FimSeparator,
    ];

    void FindRoles()
    {
        Eot = Role(_definition.Eot, SpecialTokenNames.Eot);
        Eom = Role(_definition.Eom, SpecialTokenNames.Eom);
        FimPrefix = Role(_definition.FimPrefix, SpecialTokenNames.FimPrefix);
        FimSuffix = Role(_definition.FimSuffix, SpecialTokenNames.FimSuffix);
        FimMiddle = Role(_definition.FimMiddle, SpecialTokenNames.FimMiddle);
        AddEnd(Role(_definition.FimPadding, SpecialTokenNames.FimPadding));
        AddEnd(Role(_definition.FimRepository, SpecialTokenNames.FimRepository));
        AddEnd(Role(_definition.FimSeparator, SpecialTokenNames.FimSeparator));
    }

    void FindEnds()
    {
        foreach (var name in SpecialTokenNames.EndOfGeneration)
        {
            if (Find(name) is { } id)
            {
                AddEnd(id);
                Types[id] = TokenType.Control;
            }
        }
        foreach (var id in new[] { _definition.Eos, Eot, Eom }.Concat(_definition.EndOfGeneration.Select(id => (int?)id)))
            AddEnd(id);
        foreach (var name in SpecialTokenNames.AlwaysRendered)
        {
            if (Find(name) is { } id)
                Types[id] = TokenType.UserDefined;
        }
        Except();
    }

    // Where a message has parts, <|end|> closes a part and the turn goes on; where a tool answers, </s> is an ordinary tag.
    void Except()
    {
        bool Has(string name) => Find(name) is not null;
        var parts = Has("<|return|>") && (Has("<|call|>") || Has("<|calls|>")) || Has("<|flush|>") && (Has("<|call|>") || Has("<|calls|>"));
        if (parts && Find("<|end|>") is { } end && end != _definition.Eos && _ends.Remove(end))
            Types[end] = TokenType.UserDefined;
        if (Has("<|tool_response>") && Find("</s>") is { } tag && tag != _definition.Eos && _ends.Remove(tag))
            Types[tag] = TokenType.Normal;
    }

    int? Role(int? given, string[] names)
    {
        if (given is not null)
            return given;
        foreach (var name in names)
        {
            if (Find(name) is not { } id)
                continue;
            Types[id] = TokenType.Control;
            return id;
        }
        return null;
    }

    int? Find(string name) => _ids[name] is >= 0 and var id ? id : null;

    void AddEnd(int? id)
    {
        if (id is { } end)
            _ends.Add(end);
    }

    void CheckIds()
    {
        var count = _definition.Tokens.Count;
        CheckCount("scores", _definition.Scores?.Count);
        CheckCount("token types", _definition.TokenTypes?.Count);
        (string Role, int? Id)[] roles =
        [
            ("bos", _definition.Bos), ("eos", _definition.Eos), ("unknown", _definition.Unknown), ("separator", _definition.Separator),
            ("padding", _definition.Padding), ("mask", _definition.Mask), ("eot", _definition.Eot), ("eom", _definition.Eom),
            ("fim_pre", _definition.FimPrefix), ("fim_suf", _definition.FimSuffix), ("fim_mid", _definition.FimMiddle),
            ("fim_pad", _definition.FimPadding), ("fim_rep", _definition.FimRepository), ("fim_sep", _definition.FimSeparator),
            .. _definition.EndOfGeneration.Select(id => ("end of generation", (int?)id)),
            .. _definition.StripLeft.Concat(_definition.StripRight).Select(id => ("stripping", (int?)id)),
        ];
        foreach (var (role, id) in roles)
        {
            if (id is < 0 || id >= count)
                throw Faults.Tokenizer($"the {role} token has the id {id}; the vocabulary has the ids 0 to {count - 1}.");
        }
    }

    void CheckCount(string what, int? found)
    {
        if (found is { } given && given < _definition.Tokens.Count)
            throw Faults.Tokenizer($"there are {given} {what} for {_definition.Tokens.Count} tokens.");
    }
}
