using System.Text;

namespace Brickwork.Inference.Chat;

/// <summary>Turns a conversation into the tokens after which the model answers.</summary>
/// <remarks>A model without a chat template was never taught to talk: it gets the turns as plain paragraphs and writes on from the last one.</remarks>
sealed class ChatPrompt(LanguageModel model)
{
    readonly ChatTemplateOptions _options = new() { BosToken = Text(model, model.Tokenizer.Bos), EosToken = Text(model, model.Tokenizer.Eos) };

    internal int[] Encode(IReadOnlyList<ChatTurn> turns)
    {
        if (model.ChatTemplate is not { } template)
            return model.Tokenizer.Encode(PlainText(turns), EncodeOptions.AddSpecial);
        // The template writes special tokens as text, the start token often among them; the tokenizer adds no second one.
        return model.Tokenizer.Encode(Render(template, turns), EncodeOptions.All);
    }

    // Some templates refuse a system turn; those models were taught to read it at the head of the first question.
    string Render(ChatTemplate template, IReadOnlyList<ChatTurn> turns)
    {
        try
        {
            return template.Render(turns, _options);
        }
        catch (ChatTemplateException) when (turns is [{ Role: "system" }, { Role: "user" }, ..])
        {
            var first = new ChatTurn("user", $"{turns[0].Content}\n\n{turns[1].Content}");
            return template.Render([first, .. turns.Skip(2)], _options);
        }
    }

    static string? Text(LanguageModel model, int? token) => token is { } id ? model.Tokenizer.Piece(id) : null;

    static string PlainText(IReadOnlyList<ChatTurn> turns)
    {
        var text = new StringBuilder();
        foreach (var turn in turns)
            text.Append(text.Length == 0 ? "" : "\n\n").Append(turn.Content);
        return text.ToString();
    }
}
