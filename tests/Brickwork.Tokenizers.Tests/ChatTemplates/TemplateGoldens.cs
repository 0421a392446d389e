using System.Text.Json.Nodes;
using Brickwork.TestKit;

namespace Brickwork.Tokenizers.Tests.ChatTemplates;

/// <summary>Published templates, conversations, and what Jinja2 makes of them; see Data/ChatTemplates/SOURCE.md.</summary>
static class TemplateGoldens
{
    static readonly Lazy<JsonObject> LazyConversations = new(() => Json("conversations.json").AsObject());

    public static IReadOnlyList<string> Names { get; } =
        [.. Directory.GetFiles(Path("templates"), "*.jinja").Select(file => System.IO.Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    public static JsonObject Conversations => LazyConversations.Value;

    public static string Source(string name) => File.ReadAllText(Path("templates", name + ".jinja"));

    public static JsonObject Goldens(string name) => Json("goldens", name + ".json").AsObject();

    public static JsonArray Expressions() => Json("expressions.json").AsArray();

    /// <summary>Renders a conversation and says in the form of the goldens what came of it.</summary>
    public static (string Kind, string Text) Render(string source, JsonNode conversation)
    {
        try
        {
            return ("text", ChatTemplate.Parse(source).Render(Turns(conversation), Options(conversation)));
        }
        catch (ChatTemplateException refusal)
        {
            return ("refused", refusal.InnerException!.Message);
        }
        catch (BrickworkException fault) when (fault is CheckpointException or UnsupportedModelException)
        {
            return ("failed", fault.Message);
        }
    }

    public static IReadOnlyList<ChatTurn> Turns(JsonNode conversation) =>
        [.. conversation["messages"]!.AsArray().Select(message => Turn(message!.AsObject()))];

    public static ChatTemplateOptions Options(JsonNode conversation) => new()
    {
        AddGenerationPrompt = conversation["add_generation_prompt"]?.GetValue<bool>() ?? true,
        BosToken = "<s>",
        EosToken = "</s>",
        Tools = conversation["tools"]?.AsArray(),
        Documents = conversation["documents"]?.AsArray(),
        Variables = conversation["variables"]?.AsObject(),
        TimeProvider = new StoppedClock(),
    };

    static ChatTurn Turn(JsonObject message)
    {
        var extra = message.DeepClone().AsObject();
        extra.Remove("role");
        var isText = extra["content"]?.GetValueKind() == System.Text.Json.JsonValueKind.String;
        var content = isText ? extra["content"]!.GetValue<string>() : null;
        if (isText) extra.Remove("content");
        return new ChatTurn(message["role"]!.GetValue<string>(), content) { Extra = extra };
    }

    static JsonNode Json(params string[] parts) => JsonNode.Parse(File.ReadAllText(Path(parts)))!;

    static string Path(params string[] parts) =>
        SharedData.InRepository(["tests", "Brickwork.Tokenizers.Tests", "Data", "ChatTemplates", .. parts]);

    /// <summary>The clock of the goldens.</summary>
    sealed class StoppedClock : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => new(2024, 7, 26, 9, 5, 3, TimeSpan.Zero);
    }
}
