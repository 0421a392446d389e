using System.Runtime.InteropServices;
using Brickwork.Kernels.Hashing;
using Brickwork.Models.Panels;
using Brickwork.Tensors.Storage;
using Brickwork.TestKit;

namespace Brickwork.Models.Tests.Panels;

/// <summary>A model file, its repack cache, and what loading them gave.</summary>
sealed class CachedModel : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public CachedModel(Checkpoint checkpoint)
    {
        Skip.If(FastPath < InstructionSet.Avx2, "no path with panels");
        Model = _folder.File("tiny.gguf");
        PicoModel.Save(checkpoint, Model);
        CachePath = Model + ".panels";
    }

    public static InstructionSet FastPath => InstructionSets.Supported.Max();

    public string Model { get; set; }

    /// <summary>null = beside the model.</summary>
    public string? AskedPath { get; set; }

    public string CachePath { get; set; }

    public TemporaryFolder Folder => _folder;

    public byte[] Cache => File.ReadAllBytes(CachePath);

    /// <summary>Warnings of the last run.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>Whether the last run multiplied with the file's panels only.</summary>
    public bool UsedFile { get; private set; }

    /// <summary>The bits of some logits without a cache, as a hash.</summary>
    public string Expected(InstructionSet? path = null)
    {
        using var model = LanguageModel.Load(Model, new LoadOptions { Threads = 2, InstructionSet = path ?? FastPath });
        return Bits(model);
    }

    /// <summary>The same with one.</summary>
    public string Run(InstructionSet? path = null, bool prepare = false)
    {
        Warnings.Clear();
        var cache = new RepackCache { Path = AskedPath, Warn = Warnings.Add };
        using var model = LanguageModel.Load(Model, new LoadOptions { Threads = 2, InstructionSet = path ?? FastPath, RepackCache = cache });
        if (prepare)
            _ = model.PrepareAsync();
        var bits = Bits(model);
        // Experts that no token chose are not laid out at all.
        var used = Preparation.Projections(model.Decoder, model.Compute).Select(linear => linear.Weight.Panels).OfType<StoragePiece>().ToList();
        UsedFile = used.Count > 0 && used.All(panels => panels.Storage is MappedStorage);
        return bits;
    }

    public void Dispose() => _folder.Dispose();

    static string Bits(LanguageModel model)
    {
        using var runner = model.CreateRunner();
        using var sequence = runner.StartSequence();
        int[] tokens = [.. Enumerable.Range(3, 9).Select(place => place * 17 % model.Config.Vocabulary)];
        var logits = runner.Forward(sequence, tokens, LogitRows.All);
        return $"{XxHash64.Of(MemoryMarshal.AsBytes(logits.Floats)):x16}";
    }
}
