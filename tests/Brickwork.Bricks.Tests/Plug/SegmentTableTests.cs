using Brickwork.Models.Running;
using FsCheck;
using FsCheck.Fluent;

namespace Brickwork.Bricks.Tests.Plug;

/// <summary>The tables of LoRAX's test_segments.py.</summary>
public class SegmentTableTests
{
    [Theory]
    [InlineData(new[] { 0, 0, 0, 1, 1, 2, 2, 2, 2, 2, 1, 1 }, new[] { 0, 3, 5, 10, 12 }, new[] { 0, 1, 2, 1 })]
    [InlineData(new int[0], new[] { 0 }, new int[0])]
    [InlineData(new[] { 0 }, new[] { 0, 1 }, new[] { 0 })]
    [InlineData(new[] { 1 }, new[] { 0, 1 }, new[] { 1 })]
    public void Rows_that_ask_for_the_same_are_one_run(int[] rows, int[] starts, int[] ids)
    {
        var table = SegmentTable.Find(rows);

        table.Starts.ToArray().ShouldBe(starts);
        table.Ids.ToArray().ShouldBe(ids);
        table.Rows.ShouldBe(rows.Length);
        Enumerable.Range(0, rows.Length).Select(table.IdOf).ShouldBe(rows);
    }

    [Theory]
    [InlineData(new[] { 2, 1, 1, 1, 2, 2, 2, 1 }, new[] { 1, 1, 2, 2, 2 }, new[] { 0, 1, 4, 7, 10, 13 }, new[] { 2, 1, 2, 1, 2 })]
    [InlineData(new[] { 2, 1, 1, 1, 2, 2, 2 }, new[] { 1, 1, 2, 2, 2 }, new[] { 0, 1, 4, 7, 9, 12 }, new[] { 2, 1, 2, 1, 2 })]
    public void Equal_runs_fuse_where_two_tables_meet(int[] first, int[] second, int[] starts, int[] ids)
    {
        var table = SegmentTable.Find(first);

        table.Append(SegmentTable.Find(second));

        table.Starts.ToArray().ShouldBe(starts);
        table.Ids.ToArray().ShouldBe(ids);
    }

    [Fact]
    public void The_lengths_of_runs_add_up_to_the_rows() => Check.QuickThrowOnFailure(Prop.ForAll(ArbMap.Default.ArbFor<NonNull<int[]>>(), given =>
    {
        int[] rows = [.. given.Get.Select(id => id % 3)];
        var table = SegmentTable.Find(rows);
        var starts = table.Starts.ToArray();
        var ids = table.Ids.ToArray();
        return starts[^1] == rows.Length && starts.Zip(starts.Skip(1), (from, to) => to > from).All(isLonger => isLonger)
            && ids.Zip(ids.Skip(1), (a, b) => a != b).All(differ => differ);
    }));
}
