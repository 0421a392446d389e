using System.Runtime.InteropServices;
using System.Text.Json;
using Brickwork.TestKit;

namespace Brickwork.Bricks.Tests.Plug;

/// <summary>Adapters and control vectors against the logits of llama.cpp, on every instruction set.</summary>
public class ConformanceTests
{
    static readonly string? Folder = SharedData.Find("data", "conformance");

    public static TheoryData<string, InstructionSet> EveryCase()
    {
        var data = new TheoryData<string, InstructionSet>();
        foreach (var id in (string[])["lora-llama-a-scale1", "lora-llama-a-scale0.5", "lora-llama-ab", "cvec-llama", "lora-cvec-llama", "lora-llama-q4_k_m", "lora-mixtral-experts"])
            foreach (var path in InstructionSets.Supported)
                data.Add(id, path);
        return data;
    }

    [SkippableTheory, MemberData(nameof(EveryCase))]
    public void Plugged_bricks_give_the_logits_of_llama_cpp(string id, InstructionSet path)
    {
        var json = Find(id);

        var largest = DistanceFrom(json, Precision.Exact, path);

        largest.ShouldBeLessThanOrEqualTo(json.GetProperty("tolerance").GetProperty("exact_atol").GetSingle(), id);
    }

    [SkippableTheory, MemberData(nameof(EveryCase))]
    public void Fast_products_under_bricks_stay_as_near_as_another_engine_with_rounded_activations(string id, InstructionSet path)
    {
        var json = Find(id);
        var tolerance = json.GetProperty("tolerance");

        var largest = DistanceFrom(json, Precision.Fast, path);

        largest.ShouldBeLessThanOrEqualTo(Math.Max(tolerance.GetProperty("exact_atol").GetSingle(), 1.5f * tolerance.GetProperty("native_minus_exact_max").GetSingle()), id);
    }

    static float DistanceFrom(JsonElement json, Precision precision, InstructionSet path)
    {
        using var plugged = Plugged(json, new LoadOptions { Precision = precision, InstructionSet = path, Threads = 2 });
        using var runner = plugged.CreateRunner(new RunnerOptions { CacheType = CacheType.F32 });
        using var sequence = runner.StartSequence();
        var rows = new List<float[]>();
        Feed(Ints(json, "prompt"));
        foreach (var token in Ints(json, "continuation"))
            Feed([token]);
        var expected = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Path.Combine(Folder!, json.GetProperty("exact").GetProperty("file").GetString()!))).ToArray();
        return Ints(json, "rows").SelectMany(row => rows[row]).Zip(expected, (found, wanted) => Math.Abs(found - wanted)).Max();

        void Feed(int[] tokens)
        {
            var output = runner.Forward(sequence, tokens, LogitRows.All);
            for (var row = 0; row < output.Rows; row++)
                rows.Add(output.Row(row).ToArray());
        }
    }

    static LanguageModel Plugged(JsonElement json, LoadOptions options)
    {
        var model = LanguageModel.Load(Path.Combine(Folder!, json.GetProperty("base_file").GetString()!), options);
        foreach (var adapter in json.GetProperty("adapters").EnumerateArray())
            Add(adapter, adapter.GetProperty("scale").GetSingle());
        if (json.TryGetProperty("control_vector", out var vector))
            Add(vector, vector.GetProperty("strength").GetSingle());
        return model;

        void Add(JsonElement file, float strength)
        {
            using var before = model;
            model = before.Plug(Brick.Open(Path.Combine(Folder!, file.GetProperty("file").GetString()!)), strength);
        }
    }

    static JsonElement Find(string id)
    {
        Skip.If(Folder is null, "the conformance data are not on this machine");
        using var manifest = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder!, "MANIFEST.json")));
        return manifest.RootElement.GetProperty("adapters").EnumerateArray().First(item => item.GetProperty("id").GetString() == id).Clone();
    }

    static int[] Ints(JsonElement json, string name) => [.. json.GetProperty(name).EnumerateArray().Select(item => item.GetInt32())];
}
