namespace Brickwork.Cli.Terminal;

/// <summary>One error as the user sees it: what happened, what to do, and the exit code.</summary>
sealed record ErrorReport(int Code, string Message, string NextStep)
{
    const string Report = "Run it again with --verbose and please report what it prints in an issue.";

    public static ErrorReport Of(Exception fault) => fault switch
    {
        OperationCanceledException => new(ExitCode.Cancelled, "Cancelled.", "Unfinished output files were removed."),
        UsageException or SlotNotFoundException or ContextFullException or PromptTooLongException =>
            new(ExitCode.WrongUsage, fault.Message, ((BrickworkException)fault).NextStep),
        MemoryLimitException memory => new(ExitCode.OutOfMemoryOrDisk, memory.Message, memory.NextStep),
        TrainingStoppedException { InnerException: IOException { HResult: var code } } stopped when IsNoRoom(code) => new(ExitCode.OutOfMemoryOrDisk, stopped.Message, stopped.NextStep),
        CheckpointException { InnerException: IOException { HResult: var code } } when IsNoRoom(code) => new(ExitCode.OutOfMemoryOrDisk, fault.Message, "Free some space; nothing was left half-written."),
        BrickworkException ours => new(ExitCode.BadInput, ours.Message, ours.NextStep),
        OutOfMemoryException => new(ExitCode.OutOfMemoryOrDisk, "There is not enough memory.", "Use a smaller model, a shorter --context or --kv q8_0 or q4_0."),
        IOException { HResult: var code } when IsNoRoom(code) => new(ExitCode.OutOfMemoryOrDisk, "The disk is full: " + fault.Message, "Free some space; nothing was left half-written."),
        FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException or IOException =>
            new(ExitCode.BadInput, fault.Message, "Check the path and its permissions."),
        ArgumentException => new(ExitCode.WrongUsage, WithoutParameter(fault.Message), "See the verb's options: brick <verb> --help"),
        // Whatever is done in parallel may fail in several places at once; one is enough to begin with.
        AggregateException { InnerExceptions: [var first, ..] } => Of(first),
        _ => new(ExitCode.Trouble, $"Unexpected {fault.GetType().Name}: {fault.Message}", Report),
    };

    // The names of parameters and what follows them are meant for the programmer who calls, not for the user.
    static string WithoutParameter(string message) => message.Split(" (Parameter '")[0];

    // The disk is full (28, on Windows the long one), the user's share of it is (122), or files may not be as long (27).
    static bool IsNoRoom(int code) => code is 28 or 122 or 27 or unchecked((int)0x80070070);

    /// <summary>The lines on stderr, and with --json the document on stdout.</summary>
    public void Write(OutputStreams output)
    {
        output.Error.WriteLine($"error  {Message.ReplaceLineEndings(" ")}");
        output.Error.WriteLine($"       {NextStep}");
        if (!output.Json)
            return;
        output.WriteJson(json =>
        {
            json.WriteStartObject("error");
            json.WriteNumber("code", Code);
            json.WriteString("message", Message);
            json.WriteString("next", NextStep);
            json.WriteEndObject();
        });
    }
}
