using Brickwork.Inference.Tests.Chat;
using Brickwork.TestKit;

namespace Brickwork.Inference.Tests.Speculation;

public sealed class SpeculativeChatTests : IDisposable
{
    const string Template =
        "{{ bos_token }}{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}{% if add_generation_prompt %}assistant: {% endif %}";

    readonly LanguageModel _model = Stories.Talking(Template);
    readonly LanguageModel _small = SmallStories.Load();
    readonly GenerationOptions _plain = Stories.Greedy with { MaxTokens = 25 };

    public void Dispose()
    {
        _model.Dispose();
        _small.Dispose();
    }

    [Fact]
    public void A_conversation_is_the_same_however_it_is_guessed()
    {
        string[] questions = ["Who is Lily?", "And Tim?", "Who is Lily?", "Why?"];
        var (expected, lengths) = Talk(_plain, questions);
        foreach (var speculation in (SpeculationOptions[])[new PromptLookup { DraftTokens = 7 }, new DraftModel(_small) { DraftTokens = 5 }, new DraftModel(_small)])
        {
            var (found, foundLengths) = Talk(_plain with { Speculation = speculation }, questions);
            found.ShouldBe(expected);
            // The model remembers neither a wrong guess nor one token less.
            foundLengths.ShouldBe(lengths);
        }
    }

    [Fact]
    public void A_saved_conversation_goes_on_the_same()
    {
        using var folder = new TemporaryFolder();
        using var chat = _model.StartChat(null, _plain with { Speculation = new DraftModel(_small) { DraftTokens = 5 } }, Stories.Exact);
        ChatSessionTests.Answer(chat, "Who is Lily?");
        chat.Save(folder.File("talk"));
        var expected = ChatSessionTests.Answer(chat, "Why?");

        using var later = _model.StartChat(null, _plain, Stories.Exact);
        later.Load(folder.File("talk"));

        ChatSessionTests.Answer(later, "Why?").ShouldBe(expected);
    }

    (List<string> Answers, List<int> Lengths) Talk(GenerationOptions options, string[] questions)
    {
        using var chat = _model.StartChat("Be kind.", options, Stories.Exact);
        List<string> answers = [];
        List<int> lengths = [];
        foreach (var question in questions)
        {
            answers.Add(ChatSessionTests.Answer(chat, question));
            lengths.Add(chat.Length);
        }

        return (answers, lengths);
    }
}
