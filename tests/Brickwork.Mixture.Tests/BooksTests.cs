using System.Text;
using Brickwork.Mixture.Readers;
using Brickwork.TestKit;

namespace Brickwork.Mixture.Tests;

public sealed class BooksTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Articles_of_a_dictionary_are_found_by_its_index()
    {
        string[] articles =
        [
            "cat \\ka^t\\, n.\n   1. A small animal that {catches} mice and\n      sleeps by day.\n   2. A whip.\n   [1913 Webster]",
            "dog\n   n 1: an animal that follows its master, wherever he may go [syn: {hound}]",
        ];
        var dictionary = Dictionary(articles);

        Dictionaries.Articles(dictionary).ShouldBe(
        [
            "cat n.\n1. A small animal that catches mice and sleeps by day.\n2. A whip.",
            "dog\nn 1: an animal that follows its master, wherever he may go [syn: hound]",
        ]);
        Dictionaries.Articles(2)(dictionary).Single().ShouldContain("whip.\n\ndog");
    }

    [Fact]
    public void Words_are_asked_for_in_turns()
    {
        var dictionary = Dictionary(
            "apple\n   n 1: a fruit with red or yellow or green skin; \"an apple a day\"", "run\n   v 1: to move fast by using one's feet, as in a race",
            "No\n   n 1: the seventh letter is no lower case word");

        Questions.OfWords(dictionary).ShouldBe(
        [
            "Question: What is an apple?\nAnswer: A fruit with red or yellow or green skin. For example: \"an apple a day\"\n\n"
            + "Question: What does \"run\" mean?\nAnswer: To move fast by using one's feet, as in a race.",
        ]);
    }

    [Fact]
    public void Chapters_of_a_module_lose_their_notes_and_tags()
    {
        var block = Packing.ZLib("<chapter sID=\"1\"/><title>One</title>In the <w>beginning</w><note>a remark</note> &amp; after.<chapter sID=\"2\"/>Two<lb/>lines"u8);
        var module = _folder.Write("ot.bzz", [0, 0, .. block]);
        _folder.Write("ot.bzs", [.. Packing.LittleEndian(2), .. Packing.LittleEndian(block.Length), .. Packing.LittleEndian(0)]);

        Sword.Chapters(module).Select(Plain.Tidy).Where(text => text.Length > 0).ShouldBe(["One\n\nIn the beginning & after.", "Two\nlines"]);
    }

    [Fact]
    public void Vectors_of_strings_are_found_in_a_data_base_of_R()
    {
        string[] lines = ["CHAPTER 1", "", string.Join(' ', Enumerable.Repeat("pride", 250))];
        byte[] value =
        [
            .. "X\n"u8, .. Packing.BigEndian(2), .. new byte[8], .. Packing.BigEndian(16), .. Packing.BigEndian(lines.Length),
            .. lines.SelectMany(line => (byte[])[.. Packing.BigEndian(9), .. Packing.BigEndian(line.Length), .. Encoding.UTF8.GetBytes(line)]),
        ];
        var books = _folder.Write("books.rdb", [1, 2, 3, .. Packing.BigEndian(value.Length), .. Packing.ZLib(value), 4, 5]);

        RData.Texts(books).ShouldBe([string.Join('\n', lines)]);
    }

    [Fact]
    public void Verses_are_joined_to_chapters()
    {
        var bible = _folder.Write("bible.txt", "Bible\nGe1:1 In the beginning.\nGe1:2 And the earth.\nGe2:1 Thus.\n");

        Records.Verses(bible).ShouldBe(["1 In the beginning.\n2 And the earth.", "1 Thus."]);
    }

    [Fact]
    public void A_Japanese_book_loses_its_readings_and_notes()
    {
        var book = _folder.Write("book.txt", "題\n-------\n記号の説明\n-------\n｜吾輩《わがはい》は猫である。［＃改ページ］\n\n底本：何か\n");

        Records.Aozora(book).Select(Plain.Tidy).ShouldBe(["吾輩は猫である。"]);
    }

    string Dictionary(params string[] articles)
    {
        var (text, index) = (new StringBuilder("About this dictionary.\n"), new StringBuilder("00-database-short\tA\tX\n"));
        foreach (var article in articles)
        {
            index.Append($"{article.Split(' ', '\n')[0]}\t{Number(text.Length)}\t{Number(article.Length)}\n");
            text.Append(article).Append('\n');
        }
        _folder.Write("words.index", index.ToString());
        return _folder.Write("words.dict.dz", Packing.Gzip(text.ToString()));
    }

    static string Number(int value)
    {
        const string Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        return value < 64 ? $"{Digits[value]}" : Number(value / 64) + Digits[value % 64];
    }
}
