using System.Globalization;
using System.Text.Json;
using Brickwork.Cli.Options;
using Brickwork.Cli.Terminal;
using Brickwork.Formats.Log;
using Brickwork.Formats.Writing;
using Brickwork.Models.Slots;

namespace Brickwork.Cli.Verbs;

/// <summary>The JSON document of <c>brick inspect</c>.</summary>
static class InspectJson
{
    public static void Write(OutputStreams output, LanguageModel model, IReadOnlyList<LoggedOperation> log) => output.WriteJson(json =>
    {
        var config = model.Config;
        json.WriteString("family", config.Family);
        json.WriteString("name", config.Name);
        json.WriteNumber("parameters", config.Parameters);
        json.WriteNumber("bytes", config.Bytes);
        json.WriteNumber("layers", config.Layers);
        json.WriteNumber("width", config.Width);
        json.WriteNumber("heads", config.Heads);
        json.WriteNumber("kvHeads", config.KvHeads);
        json.WriteNumber("vocabulary", config.Vocabulary);
        json.WriteNumber("context", config.Context);
        WriteQuantization(json, model);
        WriteSlots(json, model);
        BrickReport.Write(json, model);
        OperationJson.WriteLog(json, log);
        WriteTensors(json, model);
        WriteMetadata(json, model.Metadata);
    });

    static void WriteQuantization(Utf8JsonWriter json, LanguageModel model)
    {
        json.WriteStartObject("quantization");
        foreach (var group in model.Tensors.GroupBy(tensor => tensor.Type))
            json.WriteNumber(group.Key.ToString(), group.Count());
        json.WriteEndObject();
    }

    static void WriteSlots(Utf8JsonWriter json, LanguageModel model)
    {
        json.WriteStartArray("slots");
        foreach (var (path, part) in PartTree.Walk(model.Decoder))
        {
            json.WriteStartObject();
            json.WriteString("path", path.Text);
            json.WriteString("part", part.GetType().Name);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    static void WriteTensors(Utf8JsonWriter json, LanguageModel model)
    {
        json.WriteStartArray("tensors");
        foreach (var tensor in model.Tensors)
        {
            json.WriteStartObject();
            json.WriteString("name", tensor.Name);
            json.WriteString("type", tensor.Type.ToString());
            json.WriteShape("shape", tensor.Shape);
            json.WriteNumber("bytes", tensor.Bytes);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    static void WriteMetadata(Utf8JsonWriter json, Metadata metadata)
    {
        json.WriteStartObject("metadata");
        foreach (var (key, value) in metadata)
        {
            json.WritePropertyName(key);
            WriteValue(json, value.Value);
        }
        json.WriteEndObject();
    }

    static void WriteValue(Utf8JsonWriter json, object value)
    {
        switch (value)
        {
            case Array array:
                json.WriteStartArray();
                foreach (var item in array)
                    WriteValue(json, item);
                json.WriteEndArray();
                break;
            case string text:
                json.WriteStringValue(text);
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case float or double when !double.IsFinite(Convert.ToDouble(value, CultureInfo.InvariantCulture)):
                json.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
            default:
                json.WriteRawValue(Convert.ToString(value, CultureInfo.InvariantCulture)!);
                break;
        }
    }
}
