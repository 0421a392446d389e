using Brickwork.Bricks.Peft;
using Brickwork.Bricks.Plug;
using Brickwork.Formats.BrickFiles;

namespace Brickwork.Bricks.Conversion;

/// <summary>The low-rank changes that files of other programs state: their factors as they are stored, and α/r in F64.</summary>
static class StatedChanges
{
    /// <summary>Each by the name that a brick has for it; none of files that know no α.</summary>
    public static IReadOnlyList<(string Target, LowRankProduct Product)> Of(string path, LanguageModel? model)
    {
        if (Directory.Exists(path))
            return model is null ? [] : [.. OfFolder(PeftFolder.Read(path), new PeftNames(model))];
        if (CheckpointFile.Detect(path) != ModelFormat.Gguf)
            return [];
        using var file = GgufCheckpoint.OpenFile(path);
        return GgufAdapter.TryAlpha(file.Metadata) is { } alpha ? [.. OfAdapter(file, alpha)] : [];
    }

    static IEnumerable<(string, LowRankProduct)> OfAdapter(GgufCheckpoint file, float alpha)
    {
        foreach (var name in file.Tensors.Select(tensor => tensor.Name).Where(name => name.EndsWith(BrickTensors.LoraUp, StringComparison.Ordinal)))
        {
            var target = name[..^BrickTensors.LoraUp.Length];
            var (down, up) = (file.Open(target + BrickTensors.LoraDown).ToFloats(), file.Open(name).ToFloats());
            // llama.cpp: with α = 0, only the user's strength scales.
            yield return (target, new LowRankProduct(down, up, alpha == 0 ? 1 : (double)alpha / up.Columns, target == TargetIndex.Tokens));
        }
    }

    static IEnumerable<(string, LowRankProduct)> OfFolder(PeftFolder folder, PeftNames names)
    {
        foreach (var up in folder.Tensors.Where(tensor => tensor.Role is PeftRole.LoraUp or PeftRole.EmbeddingUp))
        {
            var isTable = up.Role == PeftRole.EmbeddingUp;
            var down = folder.Tensors.First(tensor => tensor.Module == up.Module && tensor.Role == (isTable ? PeftRole.EmbeddingDown : PeftRole.LoraDown)).Values;
            var factor = folder.Config.FactorOf(up.Module, up.Values.Columns);
            var targets = names.TargetsOf(up.Module, folder.Path);
            if (isTable)
                yield return (targets[0], new LowRankProduct(BrickReader.Transposed(down), up.Values.ToFloats(), factor, IsTable: true));
            else
                foreach (var (target, ordered) in targets.Zip(names.FromPeft(up.Module, up.Values, folder.Path)))
                    yield return (target, new LowRankProduct(down.ToFloats(), ordered.ToFloats(), factor, IsTable: false));
        }
    }
}
