using System.Text.Encodings.Web;
using System.Text.Json;
using Brickwork.Formats.Writing;
using Spectre.Console;

namespace Brickwork.Cli.Terminal;

/// <summary>Where a verb writes: results to stdout; cards, progress and warnings to stderr.</summary>
sealed class OutputStreams
{
    static readonly JsonWriterOptions JsonOptions = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public OutputStreams(TextWriter result, TextWriter error, bool json, bool quiet)
    {
        (Result, Error, Json, Quiet) = (result, error, json, quiet);
        var plain = !ReferenceEquals(error, Console.Error) || Console.IsErrorRedirected || Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 };
        Screen = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(error),
            Ansi = plain ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = plain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
        });
        IsTerminal = !plain && Screen.Profile.Out.IsTerminal;
        if (!IsTerminal)
            Screen.Profile.Width = PlainWidth;
    }

    const int PlainWidth = 120;

    /// <summary>Whether somebody looks at stderr, so that bars can move.</summary>
    public bool IsTerminal { get; }

    /// <summary>stdout: the result and nothing else.</summary>
    public TextWriter Result { get; }

    /// <summary>stderr, plain.</summary>
    public TextWriter Error { get; }

    /// <summary>stderr with colours and boxes; honours NO_COLOR.</summary>
    public IAnsiConsole Screen { get; }

    /// <summary>Whether the result is one JSON document.</summary>
    public bool Json { get; }

    /// <summary>Whether cards, progress and warnings stay away.</summary>
    public bool Quiet { get; }

    /// <summary>Writes one JSON object to stdout.</summary>
    public void WriteJson(Action<Utf8JsonWriter> members) => Result.WriteLine(JsonWriting.Text(members, JsonOptions));

    public void Warn(string text)
    {
        if (!Quiet)
            Error.WriteLine($"warning  {text}");
    }
}
