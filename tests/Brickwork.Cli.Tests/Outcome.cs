using System.Text.Json;

namespace Brickwork.Cli.Tests;

/// <summary>How a run ended and what it wrote.</summary>
sealed record Outcome(int Code, string Result, string Error)
{
    /// <summary>The one document on stdout of a run that went well and had nothing to say on stderr.</summary>
    public JsonElement Json()
    {
        Code.ShouldBe(0, Error);
        Error.ShouldBeEmpty();
        return Document();
    }

    /// <summary>The one document on stdout, however the run ended.</summary>
    public JsonElement Document()
    {
        using var document = JsonDocument.Parse(Result);      // fails where a second document follows
        return document.RootElement.Clone();
    }

    /// <summary>The error form of the contract: two lines on stderr, no stack trace, and nothing or one document on stdout.</summary>
    public Outcome ShouldBeRefused(int code, params string[] words)
    {
        Code.ShouldBe(code, Error);
        var lines = Error.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBe(2, Error);
        lines[0].ShouldStartWith("error  ");
        lines[1].ShouldStartWith("       ");
        lines[1].Trim().ShouldNotBeEmpty();
        Error.ShouldNotContain("(Parameter");
        Error.ShouldNotContain("System.", Case.Sensitive);
        Error.ShouldNotContain("Unexpected ");
        foreach (var word in words)
            Error.ShouldContain(word);
        return this;
    }

    /// <summary>The same, told once more to programs.</summary>
    public Outcome ShouldSayItInJson()
    {
        var error = Document().GetProperty("error");
        error.GetProperty("code").GetInt32().ShouldBe(Code);
        Error.ReplaceLineEndings("\n").ShouldBe($"error  {error.GetProperty("message").GetString()}\n       {error.GetProperty("next").GetString()}\n");
        return this;
    }
}
