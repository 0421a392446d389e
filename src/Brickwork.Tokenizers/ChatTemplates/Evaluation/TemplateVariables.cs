using Brickwork.Tokenizers.ChatTemplates.Values;

namespace Brickwork.Tokenizers.ChatTemplates.Evaluation;

/// <summary>The variables that a template starts with.</summary>
static class TemplateVariables
{
    public static Scope Of(IReadOnlyList<ChatTurn> turns, ChatTemplateOptions options)
    {
        var scope = new Scope(null);
        GlobalFunctions.AddTo(scope);
        scope.Set("messages", new ListValue([.. turns.Select(Message)]));
        scope.Set("add_generation_prompt", Value.Of(options.AddGenerationPrompt));

        // None, not undefined, where absent: transformers passes them always, and templates ask "is not none".
        scope.Set("tools", JsonImport.ToValue(options.Tools));
        scope.Set("documents", JsonImport.ToValue(options.Documents));
        if (options.BosToken is not null) scope.Set("bos_token", Value.Of(options.BosToken));
        if (options.EosToken is not null) scope.Set("eos_token", Value.Of(options.EosToken));
        foreach (var (name, value) in options.Variables ?? [])
            scope.Set(name, JsonImport.ToValue(value));
        return scope;
    }

    static MapValue Message(ChatTurn turn)
    {
        var message = new MapValue();
        message.Set("role", Value.Of(turn.Role));
        if (turn.Content is not null) message.Set("content", Value.Of(turn.Content));
        foreach (var (name, value) in turn.Extra ?? [])
            message.Set(name, JsonImport.ToValue(value));
        return message;
    }
}
