using Brickwork.Cli.Terminal;

namespace Brickwork.Cli.Tests.Refusals;

public sealed class WrongUsageTests
{
    public static TheoryData<string, string> Calls => new()
    {
        { "frobnicate", "'frobnicate'" },
        { "", "--help" },
        { "eval", "brick eval --help" },
        { "eval perplexity", "brick eval perplexity --help" },
        { "ask hello there", "'there'" },
        { "ask hello --no-such-option", "'--no-such-option'" },
        { "ask hello --temperature x", "'x' for option '--temperature' as a number" },
        { "ask hello --temperature -1", "Temperature is -1" },
        { "ask hello --top-k -1", "TopK is -1" },
        { "ask hello --top-p 7", "TopP is 7" },
        { "ask hello --seed 99999999999", "a whole number" },
        { "convert stories260k new.gguf --to q9_9", "q9_9" },
        { "ask --tokens ,", "at least one" },
        { "ask hello --threads 0", "--threads is 0" },
        { "ask hello --threads -1", "--threads is -1" },
        { "ask hello --threads two", "'two' for option '--threads' as a whole number" },
        { "ask hello --max-tokens -3", "--max-tokens is -3" },
        { "ask hello --context 0", "--context is 0" },
        { "ask hello --kv q2", "q8_0" },
        { "ask hello --isa mmx", "avx512" },
        { "ask hello --evict lru", "snapkv" },
        { "ask hello --evict h2o", "--budget N" },
        { "ask hello --evict h2o --budget 0", "budget is 0" },
        { "ask hello --evict h2o --budget -5", "budget is -5" },
        { "ask hello --evict streaming --budget 4", "at least 5" },
        { "ask hello --evict streaming --budget 100 --evict-sinks 65", "0 to 64" },
        { "ask hello --evict snapkv --budget 32", "at least 33" },
        { "ask hello --evict snapkv --budget 64 --evict-sinks 2", "--evict-sinks belongs to streaming" },
        { "ask hello --budget 64", "there is no --evict" },
        { "eval perplexity FILE --evict h2o", "--budget N" },
        { "ask hello --logit-bias 13", "ID:VALUE" },
        { "ask hello --file F", "given twice" },
        { "ask hello --draft-tokens 4", "--prompt-lookup" },
        { "ask hello --prompt-lookup --draft stories260k", "together" },
        { "ask hello --prompt-lookup --draft-tokens 0", "--draft-tokens is 0; expected 1 to 64" },
        { "ask hello --draft stories260k --draft-tokens -1", "--draft-tokens is -1" },
        { "ask hello --draft stories260k --draft-tokens 100000", "--draft-tokens is 100000" },
        { "ask hello --prompt-lookup --draft-tokens many", "'many'" },
        { "ask --tokens 1,x", "'x'" },
        { "ask --tokens 1,-4", "'-4'" },
        { "ask --tokens 1,4096", "4095" },
        { "tokenize --decode 4096", "4095" },
        { "logits", "--tokens" },
        { "logits --tokens ,", "no tokens" },
        { "logits --tokens 1,4096", "4096" },
        { "embed hi --pooling max", "mean" },
        { "eval perplexity F --split word", "paragraph" },
        { "eval task blimp", "--data" },
        { "quantize stories260k F", "--to" },
        { "convert stories260k", "OUT" },
        { "diff stories260k", "'B'" },
        { "bench --repeat 0", "at least 1" },
        { "bench --threads 1,x", "'x'" },
        { "bench --threads ,", "at least one" },
        { "bench --threads 0", "at least one" },
        { "bench --batch ,", "at least one" },
        { "eval perplexity F --gate foo<1", "bitsPerByte" },
        { "eval task F --gate score", "METRIC<VALUE" },
        { "diff stories260k stories260k --gate kld<1", "maxDifference" },
        { "completion fish", "pwsh" },
        { "chat", "brick ask --json" },
    };

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Wrong_usage_ends_with_2_and_two_lines(string call, string words)
    {
        var arguments = call.Split(' ', StringSplitOptions.RemoveEmptyEntries);

        (await Brick.Run([.. arguments, "--json"])).ShouldBeRefused(2, words).ShouldSayItInJson();
        if (call is not "chat")
            (await Brick.Run(arguments)).ShouldBeRefused(2, words).Result.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_prompt_longer_than_the_context_is_refused_with_both_lengths() =>
        (await Brick.Run("ask", string.Concat(Enumerable.Repeat("dog ", 600)), "--context", "128")).ShouldBeRefused(2, "128", "--context");

    [Fact]
    public void Of_several_faults_at_once_the_first_is_told()
    {
        var fault = new AggregateException(new AggregateException(new CheckpointException("a.txt cannot be read.", "Check it.")), new CheckpointException("b.txt cannot be read.", "Check it."));

        ErrorReport.Of(fault).ShouldBe(new ErrorReport(ExitCode.BadInput, "a.txt cannot be read.", "Check it."));
        ErrorReport.Of(new AggregateException(new OperationCanceledException(), new OperationCanceledException())).Code.ShouldBe(ExitCode.Cancelled);
    }

    [Fact]
    public async Task Verbose_adds_the_stack_trace_below_the_two_lines()
    {
        var error = (await Brick.Run("ask", "--tokens", "1,4096", "--verbose")).Error;

        error.ShouldStartWith("error  ");
        error.ShouldContain("   at Brickwork.");
    }
}
