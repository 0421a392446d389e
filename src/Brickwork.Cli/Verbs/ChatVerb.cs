using System.CommandLine;
using Brickwork.Cli.Cards;
using Brickwork.Cli.Options;
using Brickwork.Cli.Terminal;

namespace Brickwork.Cli.Verbs;

/// <summary><c>brick chat</c>: a conversation in the terminal.</summary>
sealed class ChatVerb : Verb
{
    const string Help = """
        /help          this list
        /save FILE     write the conversation and the model's memory of it
        /load FILE     go on with a saved conversation
        /reset         forget everything but the system text
        /stats         tokens used and speed of the last answer
        /quit          leave (also Ctrl-D)
        When the conversation fills the context, the oldest questions and answers are dropped, never the system text.
        """;

    readonly GenerationFlags _generation = new();
    readonly SpeculationFlags _speculation = new();
    readonly Option<string?> _system = new("--system") { Description = "A system text at the head of the conversation" };

    public ChatVerb() : base("chat", "Talk with a model; /help lists what it understands")
    {
        Add(_system);
        _generation.AddTo(this);
        _speculation.AddTo(this);
        Add(RouteFlags.Route);
        ModelOptions.AddRunningTo(this);
        EvictionFlags.AddTo(this);
    }

    protected override int Run(Invocation run)
    {
        if (run.Output.Json)
            throw new UsageException("A conversation has no JSON form.", "Ask prompt by prompt: brick ask --json");
        var options = _generation.Read(run);
        var runner = EvictionFlags.Runner(run);
        _speculation.Check(run);
        using var routed = RouteFlags.Load(run, text: null);
        var model = routed.Model;
        _ = model.PrepareAsync(run.Cancellation);           // while the user thinks
        using var speculation = _speculation.Load(run);
        using var chat = model.StartChat(run.Value(_system), options with { Speculation = speculation.Options }, routed.Runner(runner));
        if (model.ChatTemplate is null)
            run.Output.Warn($"'{model.Config.Name}' has no chat template: it was not trained to talk and will continue what you write.");
        while (ReadLine(run) is { } line)
            if (line.StartsWith('/'))
            {
                if (!Obey(run, chat, line))
                    break;
            }
            else if (line.Length > 0)
                Reply(run, chat, line);
        return ExitCode.Good;
    }

    static string? ReadLine(Invocation run)
    {
        run.Cancellation.ThrowIfCancellationRequested();
        if (!Console.IsInputRedirected && !run.Output.Quiet)
            run.Output.Error.Write("> ");
        return Console.In.ReadLine()?.Trim();
    }

    static void Reply(Invocation run, ChatSession chat, string question)
    {
        var dropped = chat.DroppedTurns;
        foreach (var piece in chat.Ask(question, run.Cancellation))
        {
            run.Output.Result.Write(piece.Text);
            run.Output.Result.Flush();
        }
        run.Output.Result.WriteLine();
        if (chat.DroppedTurns > dropped)
            run.Output.Warn($"the context was full: the oldest {chat.DroppedTurns - dropped} turns were dropped.");
    }

    /// <summary>Does what a slash command says; false = leave.</summary>
    static bool Obey(Invocation run, ChatSession chat, string line)
    {
        var (command, argument) = line.Split(' ', 2) is [var name, var rest] ? (name, rest.Trim()) : (line, "");
        try
        {
            return Obey(run, chat, command, argument);
        }
        catch (Exception fault) when (fault is BrickworkException or IOException or UnauthorizedAccessException)
        {
            ErrorReport.Of(fault).Write(run.Output);
            return true;
        }
    }

    static bool Obey(Invocation run, ChatSession chat, string command, string argument)
    {
        switch (command)
        {
            case "/quit" or "/exit":
                return false;
            case "/help":
                run.Output.Error.WriteLine(Help);
                break;
            case "/reset":
                chat.Reset();
                break;
            case "/save" when argument.Length > 0:
                chat.Save(argument);
                break;
            case "/load" when argument.Length > 0:
                chat.Load(argument);
                break;
            case "/stats":
                Stats(run, chat);
                break;
            default:
                run.Output.Error.WriteLine($"error  '{command}' needs a file name or is unknown.\n       List the commands: /help");
                break;
        }
        return true;
    }

    static void Stats(Invocation run, ChatSession chat) => new Card("conversation")
        .Row("turns", $"{chat.Turns.Count}, {chat.DroppedTurns} dropped")
        .Row("context", chat.Context == int.MaxValue ? $"{chat.Length} tokens, without end" : $"{chat.Length} of {chat.Context} tokens")
        .Row("last answer", chat.LastEnd is { } end ? $"{end.Timing.Tokens} tokens, {Numbers.Rate(end.Timing.TokensPerSecond)}" : "none yet")
        .Row("guesses", chat.LastEnd is { } last ? SpeculationFlags.Summary(last.Timing) : null)
        .Show(run.Output);
}
