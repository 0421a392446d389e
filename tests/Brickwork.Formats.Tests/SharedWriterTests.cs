using Brickwork.Formats.Writing;

namespace Brickwork.Formats.Tests;

public class SharedWriterTests
{
    [Fact]
    public void Pieces_of_several_threads_are_all_written_where_they_belong()
    {
        using var folder = new TempFolder();
        var random = new Random(5);
        var expected = new byte[3 << 20];
        random.NextBytes(expected);
        List<(int First, int End)> pieces = [];
        for (var first = 0; first < expected.Length; first = pieces[^1].End)
            pieces.Add((first, Math.Min(expected.Length, first + 1 + random.Next(5000))));
        using (var file = new AtomicFile(folder.File("out"), ExistingFiles.Refuse))
        {
            var writer = new SharedWriter(file);
            Parallel.ForEach(pieces, new ParallelOptions { MaxDegreeOfParallelism = 8 }, piece => writer.Write(expected.AsSpan(piece.First..piece.End), piece.First));
            writer.Complete();
            file.Seal();
            file.Commit();
        }

        File.ReadAllBytes(folder.File("out")).ShouldBe(expected);
    }
}
