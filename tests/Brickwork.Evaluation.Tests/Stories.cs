using Brickwork.TestKit;

namespace Brickwork.Evaluation.Tests;

/// <summary>The trained model that the repository holds, computed exactly, loaded once for all tests of a class.</summary>
public sealed class Stories : IDisposable
{
    internal const string Text =
        "Once upon a time, there was a little girl named Lily. She loved to play.\n\nTim had a red ball.\nHe liked it.\n\n\nThe end of the day came. Mom said no.";

    public LanguageModel Model { get; } =
        LanguageModel.Load(SharedData.InRepository("models", "stories260k.gguf"), new LoadOptions { Precision = Precision.Exact });

    public void Dispose() => Model.Dispose();
}
