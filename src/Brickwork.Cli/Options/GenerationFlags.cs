using System.CommandLine;
using Brickwork.Cli.Verbs;

namespace Brickwork.Cli.Options;

/// <summary>Options of the verbs that write text: how the next token is chosen and when to stop.</summary>
sealed class GenerationFlags
{
    static readonly SamplingOptions Defaults = new();

    readonly Option<int?> _maxTokens = new("--max-tokens", "-n") { Description = "Tokens to write at most [default: until the model ends or the context is full]" };
    readonly Option<float> _temperature = Number("--temperature", Defaults.Temperature, "Spread of the choice; 0 = always the likeliest");
    readonly Option<int?> _topK = new("--top-k") { Description = $"Choose among the K likeliest; 0 = all [default: {Defaults.TopK}]" };
    readonly Option<float> _topP = Number("--top-p", Defaults.TopP ?? 1, "Choose among the likeliest that hold this much probability together");
    readonly Option<float> _minP = Number("--min-p", Defaults.MinP ?? 0, "Drop tokens less likely than this share of the likeliest");
    readonly Option<float?> _typicalP = new("--typical-p") { Description = "Choose among the most typical tokens that hold this much probability" };
    readonly Option<float> _repeatPenalty = Number("--repeat-penalty", Defaults.RepeatPenalty, "Divide the logits of recent tokens by this; 1 = off");
    readonly Option<float> _presencePenalty = Number("--presence-penalty", Defaults.PresencePenalty, "Subtract this from the logits of recent tokens");
    readonly Option<float> _frequencyPenalty = Number("--frequency-penalty", Defaults.FrequencyPenalty, "Subtract this for each recent occurrence");
    readonly Option<int> _penaltyWindow = new("--penalty-window") { Description = "Tokens that count as recent", DefaultValueFactory = _ => Defaults.PenaltyWindow };
    readonly Option<float?> _mirostat = new("--mirostat") { Description = "Mirostat 2: keep the surprise near this many bits (often 5)" };
    readonly Option<string[]> _stop = new("--stop") { Description = "Stop before this text (repeatable)", DefaultValueFactory = _ => [] };
    readonly Option<string[]> _bias = new("--logit-bias") { Description = "ID:VALUE added to a token's logit; -inf bans it (repeatable)", DefaultValueFactory = _ => [] };

    /// <summary>The seed of the run; the same seed gives the same text.</summary>
    public static Option<int> Seed { get; } = new("--seed") { Description = "The same seed gives the same text", DefaultValueFactory = _ => 0 };

    public void AddTo(Command verb)
    {
        Option[] all = [_maxTokens, _temperature, _topK, _topP, _minP, _typicalP, _repeatPenalty, _presencePenalty, _frequencyPenalty, _penaltyWindow, _mirostat, _stop, _bias, Seed];
        foreach (var option in all)
            verb.Add(option);
    }

    public GenerationOptions Read(Invocation run) => new()
    {
        MaxTokens = ModelOptions.Positive(run, _maxTokens),
        Stop = run.Value(_stop)!,
        Sampling = new SamplingOptions
        {
            Temperature = run.Value(_temperature),
            TopK = run.Given(_topK) ? run.Value(_topK) is 0 ? null : run.Value(_topK) : Defaults.TopK,
            TopP = run.Value(_topP) is 1 ? null : run.Value(_topP),
            MinP = run.Value(_minP) is 0 ? null : run.Value(_minP),
            TypicalP = run.Value(_typicalP),
            RepeatPenalty = run.Value(_repeatPenalty),
            PresencePenalty = run.Value(_presencePenalty),
            FrequencyPenalty = run.Value(_frequencyPenalty),
            PenaltyWindow = run.Value(_penaltyWindow),
            Mirostat = run.Value(_mirostat) is { } bits ? new Mirostat { TargetSurprise = bits } : null,
            LogitBias = LogitBiases.Parse(run.Value(_bias)!),
            Seed = run.Value(Seed),
        },
    };

    static Option<float> Number(string name, float fallback, string description) => new(name) { Description = description, DefaultValueFactory = _ => fallback };
}
