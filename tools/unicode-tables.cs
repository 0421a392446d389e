#:property PublishAot=false
#:property RestorePackagesWithLockFile=false

// Derives src/Brickwork.Tokenizers/Unicode/normalization-15.0.0.bin and the sampled conformance vectors from the Unicode Character Database.
// Run:  dotnet run tools/unicode-tables.cs -- UCD_FOLDER      (Debian's package unicode-data puts it in /usr/share/unicode)
// NormalizationTest.txt must be unpacked first: bunzip2 --keep NormalizationTest.txt.bz2
//
// The table is a Brotli stream of LEB128 numbers:
//   count, then per combining mark:    step from the previous code point, combining class
//   count, then per decomposition:     step from the previous code point, length * 4 + compatibility * 2 + excluded, mapped code points
// Mapped code points are zigzag differences to the one before. Hangul syllables follow from arithmetic and are left out.

using System.Globalization;
using System.IO.Compression;

var folder = args.Length > 0 ? args[0] : "/usr/share/unicode";
var version = ReadVersion(Path.Combine(folder, "DerivedNormalizationProps.txt"));
var numbers = new MemoryStream();
WriteTables(numbers);

var target = Path.Combine("src", "Brickwork.Tokenizers", "Unicode", $"normalization-{version}.bin");
using (var file = File.Create(target))
using (var brotli = new BrotliStream(file, CompressionLevel.SmallestSize))
    brotli.Write(numbers.ToArray());
Console.WriteLine($"{target}: {new FileInfo(target).Length} bytes, {numbers.Length} before compression");

var tests = Path.Combine(folder, "NormalizationTest.txt");
if (File.Exists(tests))
    WriteVectors(tests, Path.Combine("tests", "Brickwork.Tokenizers.Tests", "Data", "Unicode", $"normalization-{version}.txt"));

void WriteTables(Stream output)
{
    var rows = File.ReadLines(Path.Combine(folder, "UnicodeData.txt")).Select(line => line.Split(';')).ToArray();
    var excluded = ReadExclusions(Path.Combine(folder, "DerivedNormalizationProps.txt"));

    var marks = rows.Where(row => row[3] != "0").ToArray();
    Write(output, marks.Length);
    var previous = 0;
    foreach (var row in marks)
    {
        Write(output, Hex(row[0]) - previous);
        Write(output, int.Parse(row[3], CultureInfo.InvariantCulture));
        previous = Hex(row[0]);
    }

    var mapped = rows.Where(row => row[5].Length > 0).ToArray();
    Write(output, mapped.Length);
    (previous, var last) = (0, 0);
    foreach (var row in mapped)
    {
        var words = row[5].Split(' ');
        var compatibility = words[0].StartsWith('<');
        var codePoints = words.Skip(compatibility ? 1 : 0).Select(Hex).ToArray();
        Write(output, Hex(row[0]) - previous);
        Write(output, (codePoints.Length * 4) + (compatibility ? 2 : 0) + (excluded.Contains(Hex(row[0])) ? 1 : 0));
        foreach (var codePoint in codePoints)
        {
            Write(output, ((codePoint - last) << 1) ^ ((codePoint - last) >> 31));
            last = codePoint;
        }
        previous = Hex(row[0]);
    }
}

// Part 1 lists every character with a decomposition; one in six is enough; the small parts are kept whole.
static void WriteVectors(string source, string target)
{
    var part = "";
    var index = 0;
    var kept = new List<string>();
    foreach (var line in File.ReadLines(source))
    {
        if (line.StartsWith('@')) part = line.Split(' ')[0];
        if (line.Length == 0 || line[0] is '#' or '@') continue;
        if (part is "@Part1" or "@Part2" && index++ % 6 != 0) continue;
        kept.Add(string.Join(';', line.Split(';').Take(5)));
    }
    Directory.CreateDirectory(Path.GetDirectoryName(target)!);
    File.WriteAllText(target, string.Join('\n', kept) + "\n");
    Console.WriteLine($"{target}: {kept.Count} cases, {new FileInfo(target).Length} bytes");
}

static HashSet<int> ReadExclusions(string path)
{
    var set = new HashSet<int>();
    foreach (var line in File.ReadLines(path).Where(line => line.Contains("; Full_Composition_Exclusion", StringComparison.Ordinal)))
    {
        var ends = line.Split(';')[0].Trim().Split("..");
        for (var codePoint = Hex(ends[0]); codePoint <= Hex(ends[^1]); codePoint++) set.Add(codePoint);
    }
    return set;
}

static string ReadVersion(string path) => File.ReadLines(path).First()["# DerivedNormalizationProps-".Length..^".txt".Length];

static int Hex(string text) => int.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

static void Write(Stream output, int value)
{
    for (var rest = (uint)value; ; rest >>= 7)
    {
        if (rest < 0x80) { output.WriteByte((byte)rest); return; }
        output.WriteByte((byte)(rest | 0x80));
    }
}
