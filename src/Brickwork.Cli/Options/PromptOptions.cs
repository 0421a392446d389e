using System.CommandLine;
using Brickwork.Cli.Terminal;
using Brickwork.Cli.Verbs;

namespace Brickwork.Cli.Options;

/// <summary>Where a text comes from: the command line, a file, or stdin.</summary>
sealed class PromptOptions(string what)
{
    public Argument<string?> Text { get; } = new(what) { Description = $"The {what}; '-' or nothing with a pipe = stdin", Arity = ArgumentArity.ZeroOrOne };

    public Option<string?> File { get; } = new("--file") { Description = $"Read the {what} from a file" };

    public Option<string?> Tokens { get; } = new("--tokens") { Description = "Token ids instead of text, comma-separated, fed as they are" };

    public void AddTo(Command verb)
    {
        verb.Add(Text);
        verb.Add(File);
        verb.Add(Tokens);
    }

    /// <summary>The token ids, where they were given.</summary>
    /// <exception cref="UsageException">They are no ids, or a text was given as well.</exception>
    public int[]? Ids(Invocation run)
    {
        if (run.Value(Tokens) is not { } list)
            return null;
        if ((run.Value(Text) ?? run.Value(File)) is not null)
            throw new UsageException($"The {what} is given twice, as text and as --tokens.", "Leave one of them out.");
        return TokenList.Parse(list);
    }

    /// <summary>The text.</summary>
    /// <exception cref="UsageException">It was given twice, or not at all.</exception>
    public string Read(Invocation run)
    {
        var (text, file) = (run.Value(Text), run.Value(File));
        if (text is not null && file is not null)
            throw new UsageException($"The {what} is given twice, as text and as --file.", "Leave one of them out.");
        if (file is not null)
            return TextFile.Read(file);
        if (text is not null and not "-")
            return text;
        if (text == "-" || Console.IsInputRedirected)
            return Console.In.ReadToEnd();
        throw new UsageException($"There is no {what}.", $"Give one in quotes, with --file F, or through a pipe.");
    }
}
