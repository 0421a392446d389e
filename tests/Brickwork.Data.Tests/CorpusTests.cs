using System.IO.Compression;
using System.Text;
using Brickwork.TestKit;

namespace Brickwork.Data.Tests;

public sealed class CorpusTests
{
    [Fact]
    public void Every_format_gives_the_same_documents()
    {
        using var folder = new TemporaryFolder();
        string[] expected = ["One line.\nTwo lines.", "Zwei \"Wörter\", 猫"];
        folder.Write("lines/a.txt", string.Join("\n\n\n", expected) + "\n");
        folder.Write("records/a.jsonl", """
            {"text": "One line.\nTwo lines."}

            {"text": "Zwei \"Wörter\", 猫"}
            """);
        folder.Write("list/a.json", """["One line.\nTwo lines.", {"text": "Zwei \"Wörter\", 猫"}]""");
        folder.Write("named/a.json", """{"first": {"text": "One line.\nTwo lines."}, "second": {"text": "Zwei \"Wörter\", 猫"}}""");
        folder.Write("table/a.csv", "id,text\r\n1,\"One line.\r\nTwo lines.\"\r\n2,\"Zwei \"\"Wörter\"\", 猫\"\r\n");
        folder.Write("tabs/a.tsv", "text\tid\n\"One line.\nTwo lines.\"\t1\n\"Zwei \"\"Wörter\"\", 猫\"\t2\n");
        folder.Write("packed/a.jsonl.gz", Zipped("""{"text": "One line.\nTwo lines."}""" + "\n" + """{"text": "Zwei \"Wörter\", 猫"}"""));
        Directory.CreateDirectory(folder.File("archive"));
        ZipFile.CreateFromDirectory(folder.File("records"), folder.File("archive", "a.zip"));

        var corpus = new Corpus([.. Corpus.Open(folder.Path).Sources.Select(source => source with { Boundary = DocumentBoundary.BlankLine })]);

        corpus.Domains.ShouldBe(["archive", "lines", "list", "named", "packed", "records", "table", "tabs"]);
        foreach (var domain in corpus.Documents().GroupBy(document => document.Domain))
            domain.Select(document => document.Text).ShouldBe(expected, domain.Key);
    }

    [Theory]
    [InlineData("utf-8", true)]
    [InlineData("utf-8", false)]
    [InlineData("utf-16", true)]
    [InlineData("utf-16BE", true)]
    [InlineData("utf-32", true)]
    public void Texts_of_every_encoding_read_alike(string encoding, bool mark)
    {
        using var folder = new TemporaryFolder();
        // Longer than a block, so that letters lie across its end.
        var text = string.Concat(Enumerable.Repeat("Zürich 猫 𝄞 x\r\n", 9000));
        var coder = Encoding.GetEncoding(encoding);
        var path = folder.Write("a.txt", [.. mark ? coder.GetPreamble() : [], .. coder.GetBytes("a" + text)]);

        var read = new Corpus([CorpusSource.From(path)]).Documents().Single().Text;

        read.ShouldBe("a" + text.Replace("\r\n", "\n").TrimEnd());
    }

    [Fact]
    public void A_byte_that_is_no_text_is_named()
    {
        using var folder = new TemporaryFolder();
        var latin = folder.Write("latin.txt", [.. new byte[70_000].Select(_ => (byte)'a'), 0xE9, (byte)'b']);
        var binary = folder.Write("binary.txt", [(byte)'a', 0, (byte)'b']);
        var cut = folder.Write("cut.txt", [(byte)'a', 0xC3]);

        Should.Throw<CorpusException>(() => Texts(CorpusSource.From(latin))).Message.ShouldContain($"{latin} is not the text it should be: byte 70000 (0xE9)");
        Should.Throw<CorpusException>(() => Texts(CorpusSource.From(binary))).Message.ShouldContain("byte 1 is 0");
        Should.Throw<CorpusException>(() => Texts(CorpusSource.From(cut))).Message.ShouldContain("byte 1 (0xC3)");
        Texts(CorpusSource.From(latin) with { Encoding = TextEncoding.Latin1 }).Single().ShouldEndWith("aéb");
    }

    [Fact]
    public void What_is_missing_empty_or_damaged_is_an_error_that_names_the_file()
    {
        using var folder = new TemporaryFolder();
        string Fault(string name, string content) => Should.Throw<CorpusException>(() => Texts(CorpusSource.From(folder.Write(name, content)))).Message;

        Should.Throw<CorpusException>(() => new Corpus([CorpusSource.From(folder.File("no.txt"))])).Message.ShouldContain("does not exist");
        Should.Throw<CorpusException>(() => new Corpus([])).Message.ShouldContain("empty");
        Should.Throw<CorpusException>(() => Corpus.Open(folder.Path)).Message.ShouldContain("holds no texts");
        Fault("empty.txt", "").ShouldContain("empty.txt of the domain 'empty' is empty");
        Fault("blank.txt", " \n\n\t\n").ShouldContain("is empty");
        Fault("a.jsonl", "{\"text\": \"a\"}\n{\"text\": ").ShouldContain("a.jsonl:2 is no JSON");
        Fault("b.jsonl", "{\"body\": \"a\", \"id\": 3}").ShouldContain("has no field 'text'; it has 'body', 'id'");
        Fault("c.csv", "text,id\na,1\nb\n").ShouldContain("row 3 has 1 columns; the first row names 2");
        Fault("d.txt.gz", "no gzip").ShouldContain("d.txt.gz cannot be read");
        Fault("e.zip", "no zip").ShouldContain("cannot be read as a zip archive");
    }

    [Fact]
    public void A_template_makes_a_text_of_fields()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("a.jsonl", """{"question": "2 + 2?", "more": {"answer": 4}, "list": ["a", "b"]}""");

        Texts(CorpusSource.From(path) with { Template = "{{{question}}}\n{more.answer} {list}" }).ShouldBe(["{2 + 2?}\n4 a\nb"]);
        Should.Throw<CorpusException>(() => Texts(CorpusSource.From(path) with { Template = "{question" })).Message.ShouldContain("does not close it");
    }

    [Theory]
    [InlineData("a.txt")]
    [InlineData("a.jsonl")]
    public void A_long_text_is_cut_into_pieces_that_are_all_of_it(string name)
    {
        using var folder = new TemporaryFolder();
        var lines = Enumerable.Range(0, 2000).Select(i => $"line {i} has words 猫𝄞").Append(new string('x', 5000)).ToArray();
        var text = string.Join('\n', lines);
        var path = folder.Write(name, name.EndsWith("jsonl", StringComparison.Ordinal) ? $"{{\"text\": {System.Text.Json.JsonSerializer.Serialize(text)}}}" : text);

        var pieces = Texts(CorpusSource.From(path) with { LongestDocument = 1000 });

        pieces.ShouldAllBe(piece => piece.Length <= 1000);
        string.Concat(pieces).Replace("\n", "").ShouldBe(text.Replace("\n", ""));
        pieces.Count.ShouldBeLessThan(text.Length / 900);
    }

    [Fact]
    public void Memory_does_not_grow_with_the_length_of_a_file()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("long.txt");
        using (var writer = new StreamWriter(path))
        {
            for (var i = 0; i < 400_000; i++)
                writer.Write($"line {i} of a text that has no end and no blank line in it\n");
        }
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var largest = 0L;
        var pieces = 0;

        foreach (var document in new Corpus([CorpusSource.From(path) with { LongestDocument = 1 << 16 }]).Documents())
        {
            document.Text.Length.ShouldBeLessThanOrEqualTo(1 << 16);
            if (pieces++ % 50 == 0)
                largest = Math.Max(largest, GC.GetTotalMemory(forceFullCollection: true) - before);
        }

        pieces.ShouldBeGreaterThan(300);
        largest.ShouldBeLessThan(4 << 20);
    }

    static List<string> Texts(CorpusSource source) => [.. new Corpus([source]).Documents().Select(document => document.Text)];

    static byte[] Zipped(string text)
    {
        using var bytes = new MemoryStream();
        using (var zip = new GZipStream(bytes, CompressionLevel.Fastest))
            zip.Write(Encoding.UTF8.GetBytes(text));
        return bytes.ToArray();
    }
}
