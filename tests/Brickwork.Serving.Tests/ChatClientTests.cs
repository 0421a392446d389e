using Brickwork.TestKit;
using Microsoft.Extensions.AI;

namespace Brickwork.Serving.Tests;

public sealed class ChatClientTests : IDisposable
{
    readonly LanguageModel _model;
    readonly IChatClient _client;
    readonly ChatOptions _greedy = new() { Temperature = 0, MaxOutputTokens = 12 };

    public ChatClientTests()
    {
        var checkpoint = CheckpointFile.Open(SharedData.InRepository("models", "stories260k.gguf"));
        checkpoint.Metadata.Set("tokenizer.chat_template", "{{ bos_token }}{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}assistant: ");
        _model = LanguageModel.From(checkpoint, new LoadOptions { Threads = 1 });
        _client = _model.AsChatClient();
    }

    public void Dispose()
    {
        _client.Dispose();
        _model.Dispose();
    }

    [Fact]
    public async Task An_answer_carries_text_usage_and_the_reason_of_its_end()
    {
        var answer = await _client.GetResponseAsync("Who is Lily?", _greedy);
        answer.Text.ShouldNotBeEmpty();
        answer.FinishReason.ShouldBe(ChatFinishReason.Length);
        answer.ModelId.ShouldBe(_model.Config.Name);
        answer.Messages.ShouldHaveSingleItem().Role.ShouldBe(ChatRole.Assistant);
        var usage = answer.Usage.ShouldNotBeNull();
        usage.OutputTokenCount.ShouldBe(12);
        usage.InputTokenCount!.Value.ShouldBeGreaterThan(5);
        usage.TotalTokenCount.ShouldBe(usage.InputTokenCount + 12);
    }

    [Fact]
    public async Task Guessing_ahead_changes_no_word_and_is_counted_in_the_usage()
    {
        using var guessing = _model.AsChatClient(new GenerationOptions { Speculation = new DraftModel(_model) { DraftTokens = 4 } });
        var plain = await _client.GetResponseAsync("Who is Lily?", _greedy);

        var guessed = await guessing.GetResponseAsync("Who is Lily?", _greedy);

        guessed.Text.ShouldBe(plain.Text);
        plain.Usage.ShouldNotBeNull().AdditionalCounts.ShouldBeNull();
        var counts = guessed.Usage.ShouldNotBeNull().AdditionalCounts.ShouldNotBeNull();
        (counts["passes"] + counts["accepted"]).ShouldBe(12);
    }

    [Fact]
    public async Task The_stream_is_the_answer()
    {
        List<ChatResponseUpdate> updates = [];
        await foreach (var update in _client.GetStreamingResponseAsync("Who is Lily?", _greedy))
            updates.Add(update);
        updates.Count.ShouldBeGreaterThan(3);
        var whole = await _client.GetResponseAsync("Who is Lily?", _greedy);
        string.Concat(updates.Select(update => update.Text)).ShouldBe(whole.Text);
    }

    [Fact]
    public async Task Options_reach_the_generation()
    {
        var free = await _client.GetResponseAsync("Who is Lily?", new ChatOptions { Temperature = 0, MaxOutputTokens = 30 });
        var stop = free.Text[5..8];
        var options = new ChatOptions { Temperature = 0, MaxOutputTokens = 30, StopSequences = [stop] };
        var stopped = await _client.GetResponseAsync("Who is Lily?", options);
        stopped.FinishReason.ShouldBe(ChatFinishReason.Stop);
        stopped.Text.ShouldBe(free.Text[..free.Text.IndexOf(stop, StringComparison.Ordinal)]);
    }

    [Fact]
    public void Every_known_option_is_mapped()
    {
        var options = new ChatOptions
        {
            Temperature = 0.5f, TopK = 7, TopP = 0.6f, FrequencyPenalty = 0.1f, PresencePenalty = 0.2f, Seed = 9, MaxOutputTokens = 3, StopSequences = ["x"],
            AdditionalProperties = new() { ["min_p"] = 0.1, ["typical_p"] = "0.9", ["repeat_penalty"] = 1.2f, ["penalty_window"] = 5, ["mirostat_tau"] = 3, ["logprobs"] = 2 },
        };
        var mapped = ChatOptionMap.ToGeneration(options, new GenerationOptions(), _client, new ChatClientMetadata());
        mapped.MaxTokens.ShouldBe(3);
        mapped.Stop.ShouldBe(["x"]);
        mapped.Sampling.ShouldBe(new SamplingOptions
        {
            Temperature = 0.5f, TopK = 7, TopP = 0.6f, FrequencyPenalty = 0.1f, PresencePenalty = 0.2f, Seed = 9, MinP = 0.1f, TypicalP = 0.9f,
            RepeatPenalty = 1.2f, PenaltyWindow = 5, Mirostat = new Mirostat { TargetSurprise = 3 }, LogProbabilities = 2,
        });
    }

    [Fact]
    public void What_a_request_leaves_out_keeps_the_clients_default()
    {
        var defaults = new GenerationOptions { MaxTokens = 77, Sampling = new SamplingOptions { TopK = 3 } };
        ChatOptionMap.ToGeneration(null, defaults, _client, new ChatClientMetadata()).ShouldBe(defaults);
        var mapped = ChatOptionMap.ToGeneration(new ChatOptions { Temperature = 0.1f }, defaults, _client, new ChatClientMetadata());
        mapped.ShouldBe(defaults with { Sampling = defaults.Sampling with { Temperature = 0.1f } });
    }

    [Fact]
    public async Task Unsupported_options_are_named()
    {
        await Refuses("Tools", new ChatOptions { Tools = [AIFunctionFactory.Create(() => 1, "one")] });
        await Refuses("ResponseFormat", new ChatOptions { ResponseFormat = ChatResponseFormat.Json });
        await Refuses("ConversationId", new ChatOptions { ConversationId = "1" });
        await Refuses("ModelId", new ChatOptions { ModelId = "gpt-9" });
        await Refuses("Reasoning", new ChatOptions { Reasoning = new ReasoningOptions() });
        await Refuses("top_z", new ChatOptions { AdditionalProperties = new() { ["top_z"] = 1 } });
        await Refuses("min_p", new ChatOptions { AdditionalProperties = new() { ["min_p"] = "much" } });
    }

    [Fact]
    public async Task Contents_and_roles_other_than_text_are_refused()
    {
        var picture = new ChatMessage(ChatRole.User, [new DataContent(new byte[] { 1 }, "image/png")]);
        (await Should.ThrowAsync<NotSupportedException>(() => _client.GetResponseAsync([picture]))).Message.ShouldContain("DataContent");
        (await Should.ThrowAsync<NotSupportedException>(() => _client.GetResponseAsync([new ChatMessage(ChatRole.Tool, "1")]))).Message.ShouldContain("tool");
        await Should.ThrowAsync<ArgumentException>(() => _client.GetResponseAsync([]));
    }

    [Fact]
    public void Instructions_become_the_system_turn()
    {
        ChatMessages.ToTurns([new(ChatRole.User, "Hi")], "Be kind.").ShouldBe([new ChatTurn("system", "Be kind."), new ChatTurn("user", "Hi")]);
        ChatMessages.ToTurns([new(ChatRole.System, "Rhyme."), new(ChatRole.User, "Hi")], "Be kind.")[0].Content.ShouldBe("Be kind.\n\nRhyme.");
    }

    [Fact]
    public async Task A_longer_conversation_reuses_what_was_read()
    {
        var first = await _client.GetResponseAsync("Who is Lily?", _greedy);
        ChatMessage[] talk = [new(ChatRole.User, "Who is Lily?"), .. first.Messages, new(ChatRole.User, "Why?")];
        var second = await _client.GetResponseAsync(talk, _greedy);
        second.Usage!.CachedInputTokenCount!.Value.ShouldBeGreaterThan(5);

        using var fresh = _model.AsChatClient();
        (await fresh.GetResponseAsync(talk, _greedy)).Text.ShouldBe(second.Text);
    }

    [Fact]
    public async Task Requests_of_several_threads_wait_for_each_other()
    {
        var alone = await _client.GetResponseAsync("Who is Lily?", _greedy);
        var together = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Task.Run(() => _client.GetResponseAsync("Who is Lily?", _greedy))));
        together.ShouldAllBe(answer => answer.Text == alone.Text);
    }

    [Fact]
    public async Task Cancelling_raises_and_leaves_the_client_usable()
    {
        using var cancel = new CancellationTokenSource();
        await Should.ThrowAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in _client.GetStreamingResponseAsync("Who is Lily?", new ChatOptions { MaxOutputTokens = 400 }, cancel.Token))
                await cancel.CancelAsync();
        });
        (await _client.GetResponseAsync("Who is Lily?", _greedy)).Text.ShouldNotBeEmpty();
    }

    [Fact]
    public void Services_are_found_by_type()
    {
        _client.GetService<ChatClientMetadata>()!.DefaultModelId.ShouldBe(_model.Config.Name);
        _client.GetService<LanguageModel>().ShouldBeSameAs(_model);
        _client.GetService<IChatClient>().ShouldBeSameAs(_client);
        _client.GetService<string>().ShouldBeNull();
    }

    async Task Refuses(string name, ChatOptions options) =>
        (await Should.ThrowAsync<NotSupportedException>(() => _client.GetResponseAsync("Hi", options))).Message.ShouldContain(name);
}
