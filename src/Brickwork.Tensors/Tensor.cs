using System.Runtime.InteropServices;
using Brickwork.Tensors.Storage;

namespace Brickwork;

/// <summary>Memory with a shape and a storage type. A copy looks at the same memory.</summary>
/// <remarks>The memory belongs to a file mapping, an arena or the heap; using it after its owner was disposed raises an exception.</remarks>
public readonly partial struct Tensor
{
    readonly TensorStorage _storage;
    readonly long _offset;

    internal Tensor(TensorStorage storage, long offset, DType type, Shape shape)
    {
        _storage = storage;
        _offset = offset;
        Type = type;
        Shape = shape;
    }

    /// <summary>A tensor of F32 with memory of its own, zeroed.</summary>
    public static Tensor Zeros(params ReadOnlySpan<long> dimensions) => Zeros(DType.F32, dimensions);

    /// <summary>A tensor with memory of its own, zeroed.</summary>
    public static Tensor Zeros(DType type, params ReadOnlySpan<long> dimensions) =>
        Zeros(type, new Shape(dimensions));

    /// <summary>A tensor of F32 with a copy of these values.</summary>
    public static Tensor From(ReadOnlySpan<float> values, params ReadOnlySpan<long> dimensions)
    {
        var tensor = Zeros(dimensions);
        values.CopyTo(tensor.Floats);
        return tensor;
    }

    /// <summary>How values are stored.</summary>
    public DType Type { get; }

    /// <summary>The lengths of the dimensions.</summary>
    public Shape Shape { get; }

    /// <summary>Values in the fastest dimension.</summary>
    public int Columns => Shape.Columns;

    /// <summary>Runs of <see cref="Columns"/> values.</summary>
    public int Rows => Shape.Rows;

    /// <summary>Bytes in all.</summary>
    public long Bytes => ByteLength(Type, Shape);

    /// <summary>Bytes of one row.</summary>
    public long RowBytes => Type.RowBytes(Columns);

    /// <summary>All values of a tensor of F32.</summary>
    public Span<float> Floats => MemoryMarshal.Cast<byte, float>(_storage.Bytes(_offset, checked((int)RequireF32().Bytes)));

    /// <summary>Row <paramref name="index"/> of a tensor of F32.</summary>
    public Span<float> Row(int index) => MemoryMarshal.Cast<byte, float>(RequireF32().RowSpan(index, 1));

    /// <summary>The stored bytes of <paramref name="count"/> rows from <paramref name="first"/> on.</summary>
    public Span<byte> RowSpan(int first, int count)
    {
        if (first < 0 || count < 0 || first > Rows - count)
            throw new ArgumentOutOfRangeException(nameof(first), first, $"{count} rows from there leave a tensor of {Rows} rows.");
        return _storage.Bytes(_offset + first * RowBytes, checked((int)(count * RowBytes)));
    }

    /// <summary>The same memory under another shape with as many values.</summary>
    public Tensor Reshape(params ReadOnlySpan<long> dimensions)
    {
        var shape = new Shape(dimensions);
        if (shape.Count != Shape.Count)
            throw new ArgumentException($"A tensor of {Shape} has no view of {shape}.", nameof(dimensions));
        return new Tensor(_storage, _offset, Type, shape);
    }

    /// <summary>Rows <paramref name="first"/> … of the same memory, as a matrix of <paramref name="count"/> rows.</summary>
    public Tensor SliceRows(int first, int count)
    {
        if (first < 0 || count < 0 || first > Rows - count)
            throw new ArgumentOutOfRangeException(nameof(first), first, $"{count} rows from there leave a tensor of {Rows} rows.");
        return new Tensor(_storage, _offset + first * RowBytes, Type, new Shape(count, Columns));
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Type}{Shape}";

    /// <summary>Whether the other looks at the same memory in the same way.</summary>
    internal bool IsSameAs(Tensor other) =>
        ReferenceEquals(_storage, other._storage) && _offset == other._offset && Type == other.Type && Shape == other.Shape;

    /// <summary>What the tensor looks into.</summary>
    internal TensorStorage Memory => _storage;

    /// <summary>Where in <see cref="Memory"/> it begins, in bytes.</summary>
    internal long Offset => _offset;

    /// <summary>The same place in other memory, which is at least as large.</summary>
    internal Tensor In(TensorStorage other) => new(other, _offset, Type, Shape);

    /// <summary>Lets the system take the pages of this tensor back, where it looks into a file.</summary>
    internal void ReleasePages() => _storage.Release(_offset, Bytes);

    internal static long ByteLength(DType type, Shape shape) =>
        shape.Count == 0 ? 0 : checked(type.RowBytes(shape.Columns) * (shape.Count / shape.Columns));

    Tensor RequireF32() => Type == DType.F32 ? this : throw new InvalidOperationException($"{this} is not F32; dequantize it first.");
}
