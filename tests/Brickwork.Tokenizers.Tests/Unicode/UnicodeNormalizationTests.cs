using System.Globalization;
using System.Text;
using Brickwork.TestKit;
using Brickwork.Tokenizers.Unicode;
using FsCheck;
using FsCheck.Fluent;

namespace Brickwork.Tokenizers.Tests.Unicode;

public class UnicodeNormalizationTests
{
    static readonly UnicodeForm[] Forms = Enum.GetValues<UnicodeForm>();

    [Fact]
    public void Every_conformance_vector_of_unicode_15_normalizes_as_listed()
    {
        var path = SharedData.InRepository("tests", "Brickwork.Tokenizers.Tests", "Data", "Unicode", "normalization-15.0.0.txt");
        var lines = File.ReadAllLines(path);
        lines.Length.ShouldBeGreaterThan(3000);

        foreach (var line in lines)
        {
            var columns = line.Split(';').Select(FromHex).ToArray();
            for (var column = 0; column < columns.Length; column++)
            {
                var isCompatible = column >= 3;
                UnicodeNormalization.Normalize(columns[column], UnicodeForm.C).ShouldBe(columns[isCompatible ? 3 : 1], line);
                UnicodeNormalization.Normalize(columns[column], UnicodeForm.D).ShouldBe(columns[isCompatible ? 4 : 2], line);
                UnicodeNormalization.Normalize(columns[column], UnicodeForm.KC).ShouldBe(columns[3], line);
                UnicodeNormalization.Normalize(columns[column], UnicodeForm.KD).ShouldBe(columns[4], line);
            }
        }
    }

    [Fact]
    public void Normalizing_twice_equals_normalizing_once_for_every_code_point()
    {
        for (var codePoint = 0; codePoint < 0x110000; codePoint++)
        {
            if (codePoint is >= 0xD800 and < 0xE000) continue;
            foreach (var form in Forms)
            {
                var once = UnicodeNormalization.Normalize(char.ConvertFromUtf32(codePoint), form);
                if (UnicodeNormalization.Normalize(once, form) != once)
                    Assert.Fail($"U+{codePoint:X4} under form {form}");
            }
        }
    }

    [Fact]
    public void Normalizing_a_random_text_is_idempotent_and_splits_at_a_letter()
    {
        var codePoints = Gen.OneOf(Gen.Choose(0x20, 0x7E), Gen.Choose(0xC0, 0x36F), Gen.Choose(0x591, 0x6FF), Gen.Choose(0x900, 0x11FF),
            Gen.Choose(0x1E00, 0x1FFF), Gen.Choose(0x3040, 0x30FF), Gen.Choose(0xAC00, 0xD7FF), Gen.Choose(0xD800, 0xDFFF), Gen.Choose(0xF900, 0xFFFF));
        var texts = codePoints.Select(value => (char)value).ListOf().Select(letters => new string([.. letters]));

        Prop.ForAll(texts.ToArbitrary(), texts.ToArbitrary(), (left, right) => Forms.All(form =>
        {
            var once = UnicodeNormalization.Normalize(left, form);
            var joined = UnicodeNormalization.Normalize(left + "x" + right, form);
            return UnicodeNormalization.Normalize(once, form) == once
                && joined == once + UnicodeNormalization.Normalize("x" + right, form);
        })).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    [Fact]
    public void A_text_in_its_form_is_returned_as_it_is()
    {
        const string text = "Grüße, 世界, 한국어 and plain text";
        UnicodeNormalization.Normalize(text, UnicodeForm.C).ShouldBeSameAs(text);
        UnicodeNormalization.Normalize(text, UnicodeForm.KC).ShouldBeSameAs(text);
    }

    [Fact]
    public void A_long_run_of_marks_is_ordered_like_a_short_one()
    {
        var marks = string.Concat(Enumerable.Repeat("\u0301\u0323\u0300", 20_000));
        var expected = "a" + new string('\u0323', 20_000) + string.Concat(Enumerable.Repeat("\u0301\u0300", 20_000));
        UnicodeNormalization.Normalize("a" + marks, UnicodeForm.D).ShouldBe(expected);
    }

    [Fact]
    public void An_unpaired_surrogate_passes_through() =>
        UnicodeNormalization.Normalize("e\u0301\uD800e\u0301\uDC00", UnicodeForm.C).ShouldBe("\u00E9\uD800\u00E9\uDC00");

    [Theory]
    [InlineData("Élève naïve", "Eleve naive")]
    [InlineData("Åström", "Astrom")]
    [InlineData("Tiếng Việt", "Tieng Viet")]
    [InlineData("\uD834\uDD67x", "x")]
    [InlineData("plain", "plain")]
    public void Stripping_accents_keeps_the_letters(string text, string expected) => UnicodeNormalization.StripAccents(text).ShouldBe(expected);

    static string FromHex(string column)
    {
        var text = new StringBuilder();
        foreach (var word in column.Split(' '))
            text.Append(char.ConvertFromUtf32(int.Parse(word, NumberStyles.HexNumber, CultureInfo.InvariantCulture)));
        return text.ToString();
    }
}
