using System.Runtime.InteropServices;
using System.Text;
using Brickwork.TestKit;

namespace Brickwork.Kernels.Tests.Blocks;

/// <summary>The tensors of Data/block-types.gguf: random rows, their blocks and values as ggml wrote and read them.</summary>
sealed class GoldenBlocks
{
    public const int Rows = 8;
    public const int Width = 256;

    readonly byte[] _file;
    readonly Dictionary<string, long> _offsets = [];
    int _position;

    GoldenBlocks(byte[] file)
    {
        _file = file;
        _position = 8; // magic, version
        var (tensors, entries) = (Read<long>(), Read<long>());
        for (var i = 0; i < entries; i++)
        {
            ReadText();
            Read<int>().ShouldBe(8, "the file has only text entries");
            ReadText();
        }
        for (var i = 0; i < tensors; i++)
        {
            var name = ReadText();
            var dimensions = Read<int>();
            _position += sizeof(long) * dimensions + sizeof(int); // sizes, type
            _offsets[name] = Read<long>();
        }
        var data = (_position + 31) / 32 * 32;
        foreach (var name in _offsets.Keys)
            _offsets[name] += data;
    }

    public static GoldenBlocks Instance { get; } = new(ReadFile("block-types.gguf"));

    public static TheoryData<DType> Types { get; } =
        [.. Enum.GetValues<DType>().Where(t => Instance._offsets.ContainsKey($"quantized.{t}"))];

    public ReadOnlySpan<float> Source => Floats("source");

    public ReadOnlySpan<float> Expected(DType type) => Floats($"expected.{type}");

    public ReadOnlySpan<byte> Quantized(DType type) =>
        _file.AsSpan((int)_offsets[$"quantized.{type}"], (int)(Rows * type.RowBytes(Width)));

    /// <summary>The source as ggml writes it without importance: Q4_0, Q4_1, Q5_0 or Q5_1.</summary>
    public static byte[] Unweighted(DType type)
    {
        var start = 0;
        foreach (var earlier in (DType[])[DType.Q4_0, DType.Q4_1, DType.Q5_0, DType.Q5_1])
        {
            var length = (int)(Rows * earlier.RowBytes(Width));
            if (earlier == type)
                return ReadFile("unweighted-blocks.bin").AsSpan(start, length).ToArray();
            start += length;
        }
        throw new ArgumentOutOfRangeException(nameof(type));
    }

    static byte[] ReadFile(string name) => File.ReadAllBytes(SharedData.InRepository("tests", "Brickwork.Kernels.Tests", "Data", name));

    ReadOnlySpan<float> Floats(string name) =>
        MemoryMarshal.Cast<byte, float>(_file.AsSpan((int)_offsets[name], Rows * Width * sizeof(float)));

    T Read<T>()
        where T : struct
    {
        var value = MemoryMarshal.Read<T>(_file.AsSpan(_position));
        _position += Marshal.SizeOf<T>();
        return value;
    }

    string ReadText()
    {
        var length = (int)Read<long>();
        _position += length;
        return Encoding.UTF8.GetString(_file, _position - length, length);
    }
}
