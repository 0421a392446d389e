using System.Text.Json;
using Brickwork.TestKit;

namespace Brickwork.Laws;

/// <summary>The models that every law holds for: those built in code, and the tiny real files of all architectures that are on this machine.</summary>
static class EveryModel
{
    static readonly string Core = SharedData.InRepository("tests", "Brickwork.Conformance", "Data");
    static readonly string Folder = SharedData.Find("data", "conformance") ?? Core;

    static readonly Dictionary<string, Func<MemoryCheckpoint>> Built = new()
    {
        ["pico-llama-f32"] = () => PicoModel.LlamaCheckpoint(),
        ["pico-llama-f16"] = () => PicoModel.LlamaCheckpoint(seed: 2, DType.F16),
        ["pico-llama-q4_0"] = () => PicoModel.LlamaCheckpoint(seed: 3, DType.Q4_0),
        ["pico-llama-q8_0"] = () => PicoModel.LlamaCheckpoint(seed: 4, DType.Q8_0),
        ["pico-mixture-f32"] = () => PicoModel.MixtureCheckpoint(seed: 5),
        ["pico-mixture-q5_1"] = () => PicoModel.MixtureCheckpoint(seed: 6, DType.Q5_1),
        ["pico-windowed-f32"] = () => PicoModel.WindowedCheckpoint(seed: 7),
        ["pico-windowed-q8_0"] = () => PicoModel.WindowedCheckpoint(seed: 8, DType.Q8_0),
    };

    public static IReadOnlyList<string> PicoNames => [.. Built.Keys];

    public static IReadOnlyList<string> FileNames { get; } = [.. ReadCases().Where(id => File.Exists(PathOf(id)))];

    public static TheoryData<string> Picos() => [.. PicoNames];

    public static TheoryData<string> All() => [.. PicoNames, .. FileNames];

    /// <summary>Loads a model by name; skips the test where its family is not there yet.</summary>
    public static LanguageModel Load(string name, LoadOptions options)
    {
        if (Built.TryGetValue(name, out var build))
            return LanguageModel.From(build(), options);
        try
        {
            return LanguageModel.Load(PathOf(name), options);
        }
        catch (UnsupportedModelException fault)
        {
            throw new SkipException(fault.Message);
        }
    }

    static string PathOf(string id) => Path.Combine(Folder, id + ".gguf");

    static List<string> ReadCases()
    {
        using var manifest = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Core, "MANIFEST.json")));
        return [.. manifest.RootElement.GetProperty("cases").EnumerateArray().Select(json => json.GetProperty("id").GetString()!)];
    }
}
