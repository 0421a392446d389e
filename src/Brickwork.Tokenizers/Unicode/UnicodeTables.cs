using System.IO.Compression;

namespace Brickwork.Tokenizers.Unicode;

/// <summary>The facts of Unicode 15.0, read from the resource that tools/unicode-tables.cs derives from the Unicode Character Database.</summary>
static class UnicodeTables
{
    const string Resource = "normalization-15.0.0.bin";
    const int BlockBits = 7;
    const int Changed = 1 << (int)UnicodeForm.D | 1 << (int)UnicodeForm.KD;

    static readonly Dictionary<long, int> Compositions = [];

    // Block number by code point, then fact number by place in the block; block 0 and fact 0 stand for "nothing special".
    static readonly byte[] Blocks = new byte[0x110000 >> BlockBits];
    static readonly ushort[] Entries;
    static readonly CodePointFacts[] Facts;

    static UnicodeTables()
    {
        var numbers = new Queue<int>(ReadNumbers());
        var marks = ReadMarks(numbers);
        var mappings = ReadMappings(numbers);
        foreach (var (codePoint, mapping) in mappings)
        {
            if (mapping is { IsCompatibility: false, IsExcluded: false })
                Compositions[Pair(mapping.CodePoints[0], mapping.CodePoints[1])] = codePoint;
        }

        var joining = Compositions.Keys.Select(pair => (int)(pair & 0x1FFFFF));
        var special = marks.Keys.Union(mappings.Keys).Union(joining).Order().ToArray();
        var seconds = joining.ToHashSet();
        Facts = [default, .. special.Select(codePoint => Describe(codePoint, marks, mappings, seconds))];
        Entries = LayOut(special);
    }

    public static ref readonly CodePointFacts Of(int codePoint) =>
        ref Facts[Entries[(Blocks[codePoint >> BlockBits] << BlockBits) + (codePoint & ((1 << BlockBits) - 1))]];

    /// <summary>The primary composite of two code points, if there is one. Hangul is left to <see cref="Hangul"/>.</summary>
    public static bool TryCompose(int first, int second, out int composed) => Compositions.TryGetValue(Pair(first, second), out composed);

    static long Pair(int first, int second) => ((long)first << 21) | (long)second;

    static CodePointFacts Describe(int codePoint, Dictionary<int, byte> marks, Dictionary<int, Mapping> mappings, HashSet<int> seconds)
    {
        var canonical = Expand(codePoint, mappings, followCompatibility: false);
        var compatibility = Expand(codePoint, mappings, followCompatibility: true);
        var isMapped = mappings.TryGetValue(codePoint, out var mapping);
        var breaksComposed = seconds.Contains(codePoint) || (canonical is not null && mapping.IsExcluded);
        var differsInKind = isMapped && (canonical is null || !canonical.AsSpan().SequenceEqual(compatibility));

        var changes = 0;
        if (canonical is not null) changes |= Changed;
        if (isMapped) changes |= 1 << (int)UnicodeForm.KD;
        if (breaksComposed) changes |= 1 << (int)UnicodeForm.C;
        if (breaksComposed || differsInKind) changes |= 1 << (int)UnicodeForm.KC;
        return new CodePointFacts(marks.GetValueOrDefault(codePoint), canonical, compatibility, (byte)changes);
    }

    static int[]? Expand(int codePoint, Dictionary<int, Mapping> mappings, bool followCompatibility)
    {
        if (!mappings.TryGetValue(codePoint, out var mapping) || (mapping.IsCompatibility && !followCompatibility))
            return null;
        return [.. mapping.CodePoints.SelectMany(part => Expand(part, mappings, followCompatibility) ?? [part])];
    }

    static ushort[] LayOut(int[] special)
    {
        var entries = new List<ushort>(new ushort[1 << BlockBits]);
        for (var i = 0; i < special.Length; i++)
        {
            ref var block = ref Blocks[special[i] >> BlockBits];
            if (block == 0)
            {
                block = checked((byte)(entries.Count >> BlockBits));
                entries.AddRange(new ushort[1 << BlockBits]);
            }
            entries[(block << BlockBits) + (special[i] & ((1 << BlockBits) - 1))] = (ushort)(i + 1);
        }
        return [.. entries];
    }

    static Dictionary<int, byte> ReadMarks(Queue<int> numbers)
    {
        var marks = new Dictionary<int, byte>();
        var codePoint = 0;
        for (var left = numbers.Dequeue(); left > 0; left--)
        {
            codePoint += numbers.Dequeue();
            marks.Add(codePoint, (byte)numbers.Dequeue());
        }
        return marks;
    }

    static Dictionary<int, Mapping> ReadMappings(Queue<int> numbers)
    {
        var mappings = new Dictionary<int, Mapping>();
        var (codePoint, last) = (0, 0);
        for (var left = numbers.Dequeue(); left > 0; left--)
        {
            codePoint += numbers.Dequeue();
            var header = numbers.Dequeue();
            var parts = new int[header >> 2];
            foreach (ref var part in parts.AsSpan())
            {
                var step = numbers.Dequeue();
                part = last += (step >> 1) ^ -(step & 1);
            }
            mappings.Add(codePoint, new Mapping(parts, IsCompatibility: (header & 2) != 0, IsExcluded: (header & 1) != 0));
        }
        return mappings;
    }

    static List<int> ReadNumbers()
    {
        using var resource = typeof(UnicodeTables).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The assembly was built without {Resource}.");
        using var stream = new BufferedStream(new BrotliStream(resource, CompressionMode.Decompress));
        var numbers = new List<int>();
        var (value, shift) = (0, 0);
        for (var next = stream.ReadByte(); next >= 0; next = stream.ReadByte())
        {
            value |= (next & 0x7F) << shift;
            shift += 7;
            if (next >= 0x80) continue;
            numbers.Add(value);
            (value, shift) = (0, 0);
        }
        return numbers;
    }

    readonly record struct Mapping(int[] CodePoints, bool IsCompatibility, bool IsExcluded);
}
