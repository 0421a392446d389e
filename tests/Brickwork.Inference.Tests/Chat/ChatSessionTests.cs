using Brickwork.Inference.Chat;

namespace Brickwork.Inference.Tests.Chat;

public sealed class ChatSessionTests : IDisposable
{
    const string Template =
        "{{ bos_token }}{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}{% if add_generation_prompt %}assistant: {% endif %}";

    readonly LanguageModel _model = Stories.Talking(Template);
    readonly GenerationOptions _options = Stories.Greedy with { MaxTokens = 12 };

    public void Dispose() => _model.Dispose();

    [Fact]
    public void A_conversation_is_read_as_the_template_writes_it()
    {
        var tokens = new ChatPrompt(_model).Encode([new("system", "Be kind."), new("user", "Hi")]);
        _model.Tokenizer.Decode(tokens, DecodeOptions.RenderSpecial).ShouldEndWith("system: Be kind.\nuser: Hi\nassistant: ");
        tokens.Count(id => id == _model.Tokenizer.Bos).ShouldBe(1);
        tokens[0].ShouldBe(_model.Tokenizer.Bos!.Value);
    }

    [Fact]
    public void A_later_answer_is_the_same_as_from_a_model_that_reads_everything_anew()
    {
        using var chat = _model.StartChat("Be kind.", _options, Stories.Exact);
        Answer(chat, "Who is Lily?");
        Answer(chat, "And Tim?");
        var third = Answer(chat, "Why?");
        chat.LastEnd!.Timing.ReusedTokens.ShouldBeGreaterThan(20);

        using var fresh = new TurnWriter(_model, _options, Stories.Exact, null);
        var anew = string.Concat(fresh.Write(fresh.Encode([.. chat.Turns.SkipLast(1)]), _options, default).Select(piece => piece.Text));
        third.ShouldBe(anew);
    }

    [Fact]
    public async Task Answers_stream_and_become_turns()
    {
        await using var chat = _model.StartChat(options: _options);
        var answer = "";
        await foreach (var piece in chat.AskAsync("Who is Lily?"))
            answer += piece;
        answer.ShouldNotBeEmpty();
        chat.Turns.ShouldBe([new ChatTurn("user", "Who is Lily?"), new ChatTurn("assistant", answer)]);
    }

    [Fact]
    public void The_oldest_pairs_go_when_the_context_is_too_small()
    {
        using var chat = _model.StartChat("Be kind.", _options, Stories.Exact with { Context = 100 });
        for (var question = 0; question < 8; question++)
        {
            Answer(chat, $"What did Lily see on day {question}?");
            // A quarter of the context is free when an answer begins.
            (chat.Length - chat.LastEnd!.Timing.Tokens).ShouldBeLessThanOrEqualTo(75);
        }

        chat.DroppedTurns.ShouldBeGreaterThan(0);
        (chat.DroppedTurns + chat.Turns.Count).ShouldBe(1 + 16);
        chat.Turns[0].ShouldBe(new ChatTurn("system", "Be kind."));
        chat.Turns[1].Role.ShouldBe("user");
    }

    [Fact]
    public void A_question_that_does_not_fit_alone_is_a_clear_error_and_changes_nothing()
    {
        using var chat = _model.StartChat(null, _options, Stories.Exact with { Context = 60 });
        Answer(chat, "Who?");
        var before = chat.Turns.ToArray();
        Should.Throw<PromptTooLongException>(() => Answer(chat, string.Concat(Enumerable.Repeat("Why so? ", 40))));
        chat.Turns.ShouldBe(before);
        chat.DroppedTurns.ShouldBe(0);
        Answer(chat, "And?").ShouldNotBeEmpty();
    }

    [Fact]
    public void A_cancelled_answer_stays_as_far_as_it_came()
    {
        using var chat = _model.StartChat(null, _options);
        using var cancel = new CancellationTokenSource();
        var answer = "";
        foreach (var piece in chat.Ask("Who is Lily?", cancel.Token))
        {
            answer += piece.Text;
            if (answer.Length > 5)
                cancel.Cancel();
        }

        chat.Turns[1].Content.ShouldBe(answer);
        chat.LastEnd!.Reason.ShouldBe(FinishReason.Cancelled);
    }

    [Fact]
    public void A_second_question_during_an_answer_is_refused()
    {
        using var chat = _model.StartChat(null, _options);
        using var first = chat.Ask("Who?").GetEnumerator();
        first.MoveNext();
        Should.Throw<InvalidOperationException>(() => Answer(chat, "Why?"));
    }

    [Fact]
    public void Reset_forgets_all_but_the_system_text()
    {
        using var chat = _model.StartChat("Be kind.", _options);
        var first = Answer(chat, "Who?");
        Answer(chat, "Why?");
        chat.Reset();
        chat.Turns.Count.ShouldBe(1);
        Answer(chat, "Who?").ShouldBe(first);
    }

    [Fact]
    public void A_model_without_a_template_writes_on_from_the_question()
    {
        using var plain = LanguageModel.Load(Stories.Path);
        using var chat = plain.StartChat(null, _options);
        Answer(chat, "Once upon a").ShouldStartWith(" time");
    }

    [Fact]
    public void A_template_that_refuses_a_system_turn_reads_it_before_the_question()
    {
        using var model = Stories.Talking(
            "{% if messages[0].role == 'system' %}{{ raise_exception('no system') }}{% endif %}{% for m in messages %}[{{ m.content }}]{% endfor %}");
        var tokens = new ChatPrompt(model).Encode([new("system", "Be kind."), new("user", "Hi")]);
        model.Tokenizer.Decode(tokens).ShouldEndWith("[Be kind.\n\nHi]");
    }

    internal static string Answer(ChatSession chat, string question) => string.Concat(chat.Ask(question).ToList().Select(piece => piece.Text));
}
