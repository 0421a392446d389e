namespace Brickwork.Inference.Tests.Chat;

public sealed class ChatFileTests(Stories stories) : IClassFixture<Stories>, IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("brickwork").FullName;
    readonly GenerationOptions _options = new() { MaxTokens = 10, Sampling = new SamplingOptions { Temperature = 1 } };

    string SavedPath => Path.Combine(_folder, "talk.chat");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_saved_conversation_continues_identically()
    {
        using var chat = stories.Model.StartChat("Stories.", _options);
        ChatSessionTests.Answer(chat, "One day");
        ChatSessionTests.Answer(chat, "Then");
        chat.Save(SavedPath);
        var next = ChatSessionTests.Answer(chat, "In the end");

        using var later = stories.Model.StartChat(null, _options);
        later.Load(SavedPath);
        later.Turns.Count.ShouldBe(5);
        ChatSessionTests.Answer(later, "In the end").ShouldBe(next);
        later.LastEnd!.Timing.ReusedTokens.ShouldBe(chat.LastEnd!.Timing.ReusedTokens);
        Directory.GetFiles(_folder).ShouldBe([SavedPath]);
    }

    [Fact]
    public void A_damaged_file_is_a_clear_error_and_leaves_the_conversation_alone()
    {
        using var chat = stories.Model.StartChat(null, _options);
        ChatSessionTests.Answer(chat, "One day");
        chat.Save(SavedPath);
        var turns = chat.Turns.ToArray();
        var bytes = File.ReadAllBytes(SavedPath);
        for (var part = 0; part < 100; part++)
        {
            File.WriteAllBytes(SavedPath, bytes[..(bytes.Length * part / 100)]);
            Should.Throw<CheckpointException>(() => chat.Load(SavedPath));
        }

        bytes[0] ^= 1;
        File.WriteAllBytes(SavedPath, bytes);
        Should.Throw<CheckpointException>(() => chat.Load(SavedPath)).Message.ShouldContain("bcht");
        chat.Turns.ShouldBe(turns);
    }

    [Fact]
    public void A_file_with_wrong_bytes_loads_or_is_a_clear_error()
    {
        using var chat = stories.Model.StartChat(null, _options);
        ChatSessionTests.Answer(chat, "One day");
        chat.Save(SavedPath);
        var bytes = File.ReadAllBytes(SavedPath);
        var random = new SeededRandom(1);
        for (var mutation = 0; mutation < 1000; mutation++)
        {
            var damaged = bytes.ToArray();
            // The header and the turns are short; most of the file is numbers that may be anything.
            damaged[random.NextInt32(mutation % 2 == 0 ? 200 : bytes.Length)] = (byte)random.NextInt32(256);
            File.WriteAllBytes(SavedPath, damaged);
            LoadOrRefuse(chat);
        }
    }

    void LoadOrRefuse(ChatSession chat)
    {
        try
        {
            chat.Load(SavedPath);
        }
        catch (CheckpointException)
        {
        }
    }

    [Fact]
    public void A_missing_file_is_a_clear_error()
    {
        using var chat = stories.Model.StartChat(null, _options);
        Should.Throw<CheckpointException>(() => chat.Load(SavedPath)).Message.ShouldContain("talk.chat");
    }
}
