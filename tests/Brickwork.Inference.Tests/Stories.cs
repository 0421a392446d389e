using Brickwork.TestKit;

namespace Brickwork.Inference.Tests;

/// <summary>The trained model that the repository holds, computed exactly, loaded once for all tests of a class.</summary>
public sealed class Stories : IDisposable
{
    internal static readonly RunnerOptions Exact = new() { CacheType = CacheType.F32 };

    internal static readonly GenerationOptions Greedy = new() { Sampling = SamplingOptions.Greedy, MaxTokens = 40 };

    public LanguageModel Model { get; } = LanguageModel.Load(Path, new LoadOptions { Precision = Precision.Exact, Threads = 1 });

    internal static string Path => SharedData.InRepository("models", "stories260k.gguf");

    /// <summary>The same weights with a chat template, as if the model had been taught to talk.</summary>
    internal static LanguageModel Talking(string template)
    {
        var checkpoint = CheckpointFile.Open(Path);
        checkpoint.Metadata.Set("tokenizer.chat_template", template);
        return LanguageModel.From(checkpoint, new LoadOptions { Precision = Precision.Exact, Threads = 1 });
    }

    internal static string Expected(string name) => File.ReadAllText(System.IO.Path.Combine(AppContext.BaseDirectory, "Data", name)).TrimEnd('\n');

    public void Dispose() => Model.Dispose();
}
