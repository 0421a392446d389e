using System.Text;
using System.Text.Json;
using Brickwork.Cli.Cards;
using Brickwork.Cli.Options;
using Brickwork.Cli.Terminal;

namespace Brickwork.Cli.Verbs;

/// <summary>Streams an answer to stdout as it comes and sums it up at the end.</summary>
sealed class Answer(Invocation run, LanguageModel model)
{
    readonly StringBuilder _text = new();
    readonly List<int> _ids = [];
    GenerationEnd? _end;

    public void Add(GeneratedPiece piece)
    {
        _text.Append(piece.Text);
        if (piece.Id is { } id)
            _ids.Add(id);
        _end = piece.End ?? _end;
        if (run.Output.Json)
            return;
        run.Output.Result.Write(piece.Text);
        run.Output.Result.Flush();
    }

    /// <summary>Writes what remains to be said and gives the exit code.</summary>
    public int Finish()
    {
        if (run.Output.Json)
            run.Output.WriteJson(WriteTo);
        return Close();
    }

    /// <summary>The same without the JSON document.</summary>
    public int Close()
    {
        var end = End;
        if (!run.Output.Json)
            run.Output.Result.WriteLine();
        new Card(model.Config.Name)
            .Row("prompt", $"{end.Timing.PromptTokens} tokens, {Numbers.Rate(end.Timing.PromptTokensPerSecond)}")
            .Row("answer", $"{end.Timing.Tokens} tokens, {Numbers.Rate(end.Timing.TokensPerSecond)}, first after {end.Timing.FirstToken.TotalMilliseconds:F0} ms")
            .Row("guesses", SpeculationFlags.Summary(end.Timing))
            .Row("ended", Reason(end))
            .Show(run.Output);
        return end.Reason == FinishReason.Cancelled ? ExitCode.Cancelled : ExitCode.Good;
    }

    GenerationEnd End => _end ?? throw new InvalidOperationException("The generation ended without saying how.");

    /// <summary>Writes the fields of the answer.</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        var end = End;
        json.WriteString("text", _text.ToString());
        json.WriteStartArray("ids");
        foreach (var id in _ids)
            json.WriteNumberValue(id);
        json.WriteEndArray();
        json.WriteNumber("promptTokens", end.Timing.PromptTokens);
        json.WriteString("finish", Finish(end.Reason));
        json.WriteStartObject("timing");
        json.WriteNumber("promptTokensPerSecond", Math.Round(end.Timing.PromptTokensPerSecond, 2));
        json.WriteNumber("tokensPerSecond", Math.Round(end.Timing.TokensPerSecond, 2));
        json.WriteNumber("firstTokenMs", Math.Round(end.Timing.FirstToken.TotalMilliseconds, 2));
        json.WriteNumber("passes", end.Timing.Passes);
        json.WriteNumber("drafted", end.Timing.Drafted);
        json.WriteNumber("accepted", end.Timing.Accepted);
        json.WriteEndObject();
    }

    static string Finish(FinishReason reason) => reason switch
    {
        FinishReason.Stop => "stop",
        FinishReason.Cancelled => "cancel",
        _ => "length",
    };

    static string Reason(GenerationEnd end) => end.Reason switch
    {
        FinishReason.Stop when end.StopString is { } stop => $"at the stop string '{stop}'",
        FinishReason.Stop => "the model ended its text",
        FinishReason.Length => "at --max-tokens",
        FinishReason.ContextFull => "the context is full",
        _ => "cancelled",
    };
}
