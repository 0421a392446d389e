using Brickwork.TestKit;

namespace Brickwork.Data.Tests;

public sealed class TokenizedCorpusTests
{
    static readonly Tokenizer Bytes = ByteTokenizer.Create();

    [Fact]
    public void Every_document_is_on_one_side_of_the_split_with_its_tokens_and_bytes()
    {
        using var folder = new TemporaryFolder();
        var texts = Write(folder, 300);
        var split = new HeldOutSplit { Fraction = 0.2, Seed = 7 };

        using var tokens = Prepare(folder, split);

        var domain = tokens.Domains.ShouldHaveSingleItem();
        (domain.Training.Count + domain.HeldOut.Count).ShouldBe(300);
        domain.HeldOut.Count.ShouldBeInRange(30, 90);
        var held = texts.Where(text => split.Holds(new CorpusDocument("a", "", text))).ToArray();
        domain.HeldOut.Count.ShouldBe(held.Length);
        domain.HeldOut.Bytes.ShouldBe(held.Sum(text => (long)text.Length));
        domain.HeldOut.Tokens.ShouldBe(held.Sum(text => text.Length + 1L));
        var copy = new int[domain.HeldOut.Lengths[0]];
        tokens.Copy(domain.HeldOut.Starts[0], copy);
        Bytes.Decode(copy.AsSpan(0, copy.Length - 1)).ShouldBe(held[0]);
        copy[^1].ShouldBe(tokens.EndOfText);
        tokens.HeldOutTexts("a", Bytes).ShouldBe(held);
    }

    [Fact]
    public void Duplicates_go_before_the_split_and_are_counted()
    {
        using var folder = new TemporaryFolder();
        var line = string.Join(' ', Enumerable.Range(0, 50));
        folder.Write("text/a.jsonl", string.Join('\n', Enumerable.Repeat($"{{\"text\": \"{line}\"}}", 20).Append("{\"text\": \"another one\"}")));

        using var tokens = Prepare(folder, new HeldOutSplit { Fraction = 0 });

        tokens.Domains[0].Duplicates.ShouldBe(19);
        tokens.Domains[0].Training.Count.ShouldBe(2);
    }

    [Fact]
    public void The_file_is_used_again_until_texts_or_options_change()
    {
        using var folder = new TemporaryFolder();
        Write(folder, 40);
        var split = new HeldOutSplit { Fraction = 0.2 };
        string key;
        using (var first = Prepare(folder, split))
            key = first.Key;
        var written = File.GetLastWriteTimeUtc(folder.File("tokens.bin"));
        File.SetLastWriteTimeUtc(folder.File("tokens.bin"), written.AddDays(-1));

        using (var again = Prepare(folder, split))
            again.Key.ShouldBe(key);
        File.GetLastWriteTimeUtc(folder.File("tokens.bin")).ShouldBe(written.AddDays(-1));
        using (var other = Prepare(folder, split with { Seed = 1 }))
            other.Key.ShouldNotBe(key);
        folder.Write("text/b.txt", "one more");
        using var more = Prepare(folder, split);
        more.Key.ShouldNotBe(key);
        more.Domains.Sum(domain => domain.Training.Count + domain.HeldOut.Count).ShouldBe(41);
    }

    [Fact]
    public void The_number_of_threads_does_not_change_a_byte()
    {
        using var folder = new TemporaryFolder();
        Write(folder, 200);
        byte[] Run(int threads)
        {
            File.Delete(folder.File("tokens.bin"));
            TokenizedCorpus.Prepare(Corpus.Open(folder.File("text")), Bytes, new PreparationOptions { Threads = threads }, folder.File("tokens.bin")).Dispose();
            return File.ReadAllBytes(folder.File("tokens.bin"));
        }

        Run(3).ShouldBe(Run(1));
    }

    [Fact]
    public void A_changed_byte_is_found_by_the_hash()
    {
        using var folder = new TemporaryFolder();
        Write(folder, 10);
        Prepare(folder, new HeldOutSplit()).Dispose();
        var bytes = File.ReadAllBytes(folder.File("tokens.bin"));
        for (var at = 0; at < bytes.Length; at += 97)
        {
            bytes[at] ^= 4;
            File.WriteAllBytes(folder.File("bad.bin"), bytes);
            Should.Throw<CorpusException>(() => TokenizedCorpus.Open(folder.File("bad.bin"))).Message.ShouldContain("bad.bin");
            bytes[at] ^= 4;
        }
        File.WriteAllBytes(folder.File("bad.bin"), bytes[..^1]);
        Should.Throw<CorpusException>(() => TokenizedCorpus.Open(folder.File("bad.bin")));
        Should.Throw<CorpusException>(() => TokenizedCorpus.Open(folder.File("none.bin"))).Message.ShouldContain("cannot be opened");
    }

    [Fact]
    public void Nothing_left_to_train_on_and_a_small_vocabulary_are_errors()
    {
        using var folder = new TemporaryFolder();
        folder.Write("text/a.txt", "one document");

        Should.Throw<CorpusException>(() => Prepare(folder, new HeldOutSplit { Fraction = 0.999999 })).Message.ShouldContain("all of the 1 documents");
        Directory.GetFiles(folder.Path).ShouldBeEmpty();
        using var tokens = Prepare(folder, new HeldOutSplit { Fraction = 0 });
        Should.Throw<CorpusException>(() => tokens.CheckVocabulary(100)).Message.ShouldContain("vocabulary of 257; the model knows 100");
        tokens.CheckVocabulary(257);
    }

    static TokenizedCorpus Prepare(TemporaryFolder folder, HeldOutSplit split) =>
        TokenizedCorpus.Prepare(Corpus.Open(folder.File("text")), Bytes, new PreparationOptions { HeldOut = split }, folder.File("tokens.bin"));

    static string[] Write(TemporaryFolder folder, int count)
    {
        var random = new SeededRandom(5);
        string[] texts = [.. Enumerable.Range(0, count).Select(i => $"{i} " + string.Join(' ', Enumerable.Range(0, 3 + random.NextInt32(60)).Select(_ => random.NextInt32(1000))))];
        folder.Write("text/a.jsonl", string.Join('\n', texts.Select(text => $"{{\"text\": \"{text}\"}}")));
        return texts;
    }
}
