using Brickwork.Bricks.Merge.LowRank;
using Brickwork.Bricks.Tests.Route;
using Brickwork.Formats.BrickFiles;
using Brickwork.TestKit;

namespace Brickwork.Bricks.Tests.Plug;

/// <summary>The table of kinds in docs/bricks.md says what each does, no more and no less.</summary>
public sealed class KindTableTests : IDisposable
{
    const int FirstColumn = 3;
    const string Yes = "yes", No = "–";

    readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Rows() =>
        ["lora", "embedding", "dora", "pissa", "qlora", "ia3 outputs", "ia3 inputs", "bottleneck", "bitfit", "bitdelta", "prompt", "prefix", "vector", "whole"];

    public void Dispose() => _folder.Dispose();

    [Theory, MemberData(nameof(Rows))]
    public void A_row_says_what_a_brick_of_its_kind_can_do(string row)
    {
        using var model = row == "bitfit" ? MergedWeightsTests.WithBiases(DType.F32) : PicoModel.Llama();
        var brick = Make(row, model);

        string[] cells =
        [
            Can(() => model.Plug(brick, 0.5f).Dispose()) ? "any" : "0 or 1",
            Answer(() => model.TrainBrick(brick).Dispose()),
            Answer(() => model.MergeBrick(brick).Dispose()),
            Answer(() =>
            {
                using var holding = model.MergeBrick(brick);
                holding.UnmergeBrick(brick).Dispose();
            }),
            Answer(() => LoraSum.Of("sum", [brick], [1])),
            Answer(() => model.Route([brick], new RouteLaws.FixedRouter([brick.Id], [1])).Dispose()),
            Answer(() => ArrowRouter.Of(model, [brick])),
            Answer(() => brick.SavePeft(_folder.File("peft"), model)),
            Answer(() => brick.SaveGguf(_folder.File("adapter.gguf"), model)),
        ];

        string.Join(" | ", Table().Single(line => line[1] == $"`{NameOf(row, brick)}`")[FirstColumn..]).ShouldBe(string.Join(" | ", cells));
        Can(() => BrickFactors.TargetsOf(brick)).ShouldBe(cells[4] == Yes, "merged as it is summed");
        Can(() => model.TrainGates(brick, [GateTests.Batch(1)], new ShortTraining { Steps = 1 })).ShouldBe(cells[6] == Yes, "has gates where it has directions");
    }

    [Fact]
    public void The_table_tells_of_every_kind()
    {
        string[] named = [.. Table().Select(line => line[1].Trim('`').Split(' ')[0]).Distinct(StringComparer.Ordinal)];

        named.ShouldBe(Enum.GetValues<BrickKind>().Where(kind => kind != BrickKind.Fusion).Select(ManifestJson.NameOf), ignoreOrder: true);
        Table().Count().ShouldBe(Rows().Count);
    }

    static IEnumerable<string[]> Table() => File.ReadLines(SharedData.InRepository("docs", "bricks.md"))
        .Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => (string[])[.. line.Trim('|').Split('|', StringSplitOptions.TrimEntries).Prepend("")]);

    static string NameOf(string row, Brick brick) => ManifestJson.NameOf(brick.Kind) + row switch
    {
        "embedding" => " of the embedding",
        "ia3 outputs" => " of outputs",
        "ia3 inputs" => " of inputs",
        _ => "",
    };

    static Brick Make(string row, LanguageModel model)
    {
        if (row.Split(' ') is not [var kind, var side])
            return PicoBricks.Make(row, model);
        var role = side == "outputs" ? BrickTensors.OutputFactors : BrickTensors.InputFactors;
        return PicoBricks.Of(row, BrickKind.Ia3, [.. PicoBricks.Make(kind, model).Tensors.Where(entry => entry.Key.EndsWith(role, StringComparison.Ordinal)).Select(entry => (entry.Key, entry.Value))]);
    }

    static string Answer(Action action) => Can(action) ? Yes : No;

    static bool Can(Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (Exception fault) when (fault is RecipeException or UnsupportedModelException)
        {
            return false;
        }
    }
}
