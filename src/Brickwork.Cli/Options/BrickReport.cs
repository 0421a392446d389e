using System.Globalization;
using System.Text.Json;
using Brickwork.Cli.Cards;
using Brickwork.Cli.Verbs;
using Brickwork.Formats.Writing;

namespace Brickwork.Cli.Options;

/// <summary>Tells which bricks are plugged into a model.</summary>
static class BrickReport
{
    public static void Show(Invocation run, LanguageModel model)
    {
        if (run.Output.Json)
        {
            run.Output.WriteJson(json => Write(json, model));
            return;
        }
        foreach (var brick in model.Bricks)
            run.Output.Result.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{brick.Id,-24} strength {brick.Strength:0.###}  {brick.Slots.Count} slots, from {brick.Slots[0]}"));
        new Card(model.Config.Name).Row("bricks", model.Bricks.Count.ToString(CultureInfo.InvariantCulture)).Show(run.Output);
    }

    /// <summary>Writes the array <c>bricks</c>.</summary>
    public static void Write(Utf8JsonWriter json, LanguageModel model)
    {
        json.WriteStartArray("bricks");
        foreach (var brick in model.Bricks)
        {
            json.WriteStartObject();
            json.WriteString("id", brick.Id);
            json.WriteNumber("strength", brick.Strength);
            json.WriteTexts("slots", brick.Slots.Select(slot => slot.Text));
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
