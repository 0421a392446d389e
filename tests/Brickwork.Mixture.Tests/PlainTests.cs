using System.Text;
using Brickwork.Mixture.Readers;
using Brickwork.TestKit;

namespace Brickwork.Mixture.Tests;

public sealed class PlainTests
{
    [Fact]
    public void Packed_marked_and_old_files_are_read_as_text()
    {
        using var folder = new TemporaryFolder();

        Plain.Text(folder.Write("packed.txt.gz", Packing.Gzip("one\r\ntwo"))).ShouldBe("one\ntwo");
        Plain.Text(folder.Write("marked.txt", "\uFEFFone")).ShouldBe("one");
        Plain.Text(folder.Write("old.txt", Encoding.Latin1.GetBytes("café"))).ShouldBe("café");
        Should.Throw<InvalidDataException>(() => Plain.Text(folder.Write("picture.txt", "a\0b"))).Message.ShouldContain("picture.txt");
    }

    [Fact]
    public void Quotes_spaces_and_dots_are_written_in_one_way() =>
        Plain.Tidy("\n\u201CYes\u201D,\u00A0he\u2019d said\u2026 \u3000\n\n\n\nco\u00ADoper\u200Bate\n\n").ShouldBe("\"Yes\", he'd said...\n\ncooperate");

    [Fact]
    public void Full_lines_become_a_paragraph_while_verse_and_lists_stay()
    {
        var full = string.Join('\n', Enumerable.Repeat("It was the best of times, it was the worst of times", 2)) + "\nand so on.";

        Plain.Unwrap($"{full}\n\nA short line,\nand its sister.\n \n{full.Replace("\n", "\n  ", StringComparison.Ordinal)}")
            .ShouldBe($"{full.Replace('\n', ' ')}\n\nA short line,\nand its sister.\n\n{full.Replace("\n", "\n  ", StringComparison.Ordinal)}");
    }

    [Fact]
    public void A_book_is_cut_at_its_headlines_without_its_publishers_words()
    {
        using var folder = new TemporaryFolder();
        var book = folder.Write("book.txt", "Project Gutenberg\n*** START OF THIS BOOK ***\nTitle\nCHAPTER I\nOne.\nCHAPTER II\nTwo.\n*** END OF THIS BOOK ***\nLicence\n");

        Plain.CutBefore("CHAPTER ")(book).ShouldBe(["Title", "CHAPTER I\nOne.", "CHAPTER II\nTwo."]);
    }

    [Fact]
    public void Paragraphs_are_joined_to_documents_and_long_documents_are_cut_between_paragraphs()
    {
        using var folder = new TemporaryFolder();
        var text = folder.Write("text.txt", "a b c\n\nd e f\n\ng h i");

        Plain.Paragraphs(2)(text).ShouldBe(["a b c\n\nd e f", "g h i"]);
        Plain.InPieces(Plain.Whole, 8)(text).Select(Plain.Tidy).ShouldBe(["a b c\n\nd e f", "g h i"]);
    }

    [Fact]
    public void What_was_not_translated_is_left_out()
    {
        using var folder = new TemporaryFolder();
        var text = folder.Write("text.txt", "吾輩は猫である。\n\nI am a cat.");

        Plain.InJapanese(Plain.Paragraphs(1))(text).ShouldBe(["吾輩は猫である。"]);
    }
}
