using System.Text;

namespace Brickwork.Formats.Tests;

/// <summary>Small checkpoints with random contents: every storage type, every type of metadata.</summary>
sealed class PicoCheckpoint
{
    readonly Random _random;

    public PicoCheckpoint(int seed, params ReadOnlySpan<DType> types)
    {
        _random = new Random(seed);
        var rank = 1;
        foreach (var type in types)
            Tensors.Add(new TensorInfo($"tensor.{Tensors.Count}.{type}", type, RandomShape(type, rank++ % 4 + 1)));
        foreach (var tensor in Tensors)
            Data[tensor.Name] = Bytes((int)tensor.Bytes);
        AddMetadata();
    }

    public static DType[] AllTypes { get; } = Enum.GetValues<DType>();

    public static DType[] PlainTypes { get; } = [.. AllTypes.Where(type => type.IsPlain())];

    public Metadata Metadata { get; } = new("pico");

    public Dictionary<string, string> Texts { get; } = [];

    public List<TensorInfo> Tensors { get; } = [];

    public Dictionary<string, byte[]> Data { get; } = [];

    /// <summary>Gives all data to a writer, in pieces and in an order of its own.</summary>
    public void WriteTo(CheckpointWriter writer)
    {
        foreach (var tensor in Tensors.OrderBy(_ => _random.Next()))
        {
            var data = Data[tensor.Name];
            var middle = _random.Next(data.Length + 1);
            writer.Write(tensor.Name, data.AsSpan(0, middle));
            writer.Write(tensor.Name, data.AsSpan(middle));
        }
        writer.Complete();
    }

    public void TensorsShouldEqual(Checkpoint found)
    {
        found.Tensors.OrderBy(tensor => tensor.Name).ShouldBe(Tensors.OrderBy(tensor => tensor.Name));
        foreach (var tensor in Tensors)
        {
            var opened = found.Open(tensor.Name);
            opened.RowSpan(0, opened.Rows).ToArray().ShouldBe(Data[tensor.Name], tensor.Name);
        }
    }

    public byte[] ToGguf(TempFolder folder)
    {
        var path = folder.File($"{Guid.NewGuid()}.gguf");
        using (var writer = GgufWriter.Create(path, Metadata, Tensors))
            WriteTo(writer);
        return File.ReadAllBytes(path);
    }

    public byte[] ToSafetensors(TempFolder folder)
    {
        var path = folder.File($"{Guid.NewGuid()}.safetensors");
        using (var writer = SafetensorsWriter.Create(path, Texts, Tensors))
            WriteTo(writer);
        return File.ReadAllBytes(path);
    }

    public static void MetadataShouldEqual(Metadata found, Metadata expected)
    {
        found.Select(pair => pair.Key).ShouldBe(expected.Select(pair => pair.Key));
        foreach (var (key, value) in expected)
        {
            found.Find(key)!.Type.ShouldBe(value.Type, key);
            found.Find(key)!.Value.ShouldBe(value.Value, key);
            found.Find(key)!.Value.GetType().ShouldBe(value.Value.GetType(), key);
        }
    }

    Shape RandomShape(DType type, int rank)
    {
        long columns = type.BlockLength() * _random.Next(1, 4), a = _random.Next(1, 4), b = _random.Next(1, 4), c = _random.Next(1, 4);
        return rank switch
        {
            1 => new Shape(columns),
            2 => new Shape(a, columns),
            3 => new Shape(a, b, columns),
            _ => new Shape(a, b, c, columns),
        };
    }

    void AddMetadata()
    {
        object[] scalars =
        [
            (byte)_random.Next(), (sbyte)_random.Next(), (ushort)_random.Next(), (short)_random.Next(), (uint)_random.Next(), _random.Next(),
            _random.NextSingle(), true, Text(), ulong.MaxValue - (ulong)_random.NextInt64(), _random.NextInt64(), _random.NextDouble(),
        ];
        foreach (var value in scalars)
        {
            Metadata.Set($"pico.scalar.{value.GetType().Name}", value);
            var array = Array.CreateInstance(value.GetType(), _random.Next(0, 6));
            for (var i = 0; i < array.Length; i++)
                array.SetValue(value is string ? Text() : value, i);
            Metadata.Set($"pico.array.{value.GetType().Name}", array);
        }
        for (var i = 0; i < 3; i++)
            Texts[$"key {i} {Text()}"] = Text();
    }

    string Text()
    {
        var text = new StringBuilder();
        for (var i = _random.Next(0, 12); i > 0; i--)
            text.Append(_random.Next(4) switch { 0 => "ä", 1 => "\U0001F9F1", 2 => "\"\\\n", _ => ((char)_random.Next(32, 127)).ToString() });
        return text.ToString();
    }

    byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }
}
