using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Brickwork.Mixture.Packages;
using Brickwork.Mixture.Readers;
using Brickwork.TestKit;

namespace Brickwork.Mixture.Tests;

public sealed class BuilderTests
{
    [Fact]
    public void A_mixture_has_no_near_duplicates_keeps_to_its_limits_and_is_hashed()
    {
        using var folder = new TemporaryFolder();
        for (var number = 0; number < 60; number++)
            folder.Write($"texts/a{number:D2}.txt", Words(number, 60));
        folder.Write("texts/a60.txt", Words(3, 60) + " again");
        folder.Write("texts/a61.txt", "short");
        folder.Write("texts/b.txt", Words(99, 60));
        folder.Write("notes/README.md", "before\n<!-- table -->\nold\n<!-- /table -->\nafter\n");
        var texts = new LocalFolder("texts", folder.File("texts"));
        TextSource[] sources =
        [
            new("a", texts, @"^a\d+\.txt$", Plain.Whole, "file", "CC0") { Megabytes = 0.01 },
            new("b", texts, @"^[ab].*\.txt$", Plain.Whole, "file", "CC0"),
        ];

        Build(folder, "first", sources);
        var hashes = File.ReadAllLines(folder.File("notes", "mixture.sha256"));
        Build(folder, "second", sources);

        var a = Records(folder, "first", "a");
        a.Sum(record => record.Text.Length).ShouldBeInRange(9_000, 10_000);
        a.Select(record => record.Source).ShouldBe(a.Select(record => record.Source).Order(StringComparer.Ordinal));
        a.ShouldAllBe(record => record.Source.StartsWith("texts: a", StringComparison.Ordinal) && record.Text == File.ReadAllText(folder.File("texts", record.Source.Split(": ")[1].Split(':')[0])));
        // What the first source found, kept or not, is no news to the second.
        Records(folder, "first", "b").ShouldHaveSingleItem().Source.ShouldBe("texts: b.txt:1");
        File.ReadAllLines(folder.File("notes", "mixture.sha256")).ShouldBe(hashes);
        hashes[0].ShouldBe($"{Convert.ToHexStringLower(SHA256.HashData(Unpacked(folder, "first", "a")))}  a.jsonl");
        var table = File.ReadAllText(folder.File("notes", "README.md"));
        table.ShouldStartWith("before\n<!-- table -->\n| domain |");
        table.ShouldContain($"| a | texts | file | {a.Count} | 0.01 | 0.02 | CC0 |");
        table.ShouldEndWith("<!-- /table -->\nafter\n");
        table.ShouldNotContain("old");
    }

    static void Build(TemporaryFolder folder, string output, TextSource[] sources) =>
        new Builder(folder.File("packages"), folder.File(output), folder.File("notes")).Run(sources).ShouldBe(0);

    static string Words(int seed, int count)
    {
        var random = new SeededRandom(seed);
        return string.Join(' ', Enumerable.Range(0, count).Select(_ => $"w{random.NextInt32(10_000)}"));
    }

    static byte[] Unpacked(TemporaryFolder folder, string output, string domain)
    {
        using var zip = new GZipStream(File.OpenRead(folder.File(output, $"{domain}.jsonl.gz")), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        zip.CopyTo(bytes);
        return bytes.ToArray();
    }

    static List<(string Text, string Source)> Records(TemporaryFolder folder, string output, string domain) =>
        [.. System.Text.Encoding.UTF8.GetString(Unpacked(folder, output, domain)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line =>
        {
            using var json = JsonDocument.Parse(line);
            return (json.RootElement.GetProperty("text").GetString()!, json.RootElement.GetProperty("source").GetString()!);
        })];
}
