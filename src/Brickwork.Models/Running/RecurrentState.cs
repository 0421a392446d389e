using System.Runtime.InteropServices;
using Brickwork.Tensors.Storage;

namespace Brickwork.Models.Running;

/// <summary>A state of fixed size that every token overwrites: convolution windows, state-space and linear-attention memories.</summary>
sealed class RecurrentState : SequenceState
{
    readonly NativeStorage _storage;

    /// <param name="length">How many values; zero at the start of a sequence.</param>
    public RecurrentState(long length)
    {
        _storage = new NativeStorage(length * sizeof(float));
        Values = new Tensor(_storage, 0, DType.F32, new Shape(length));
    }

    /// <summary>The values.</summary>
    public Tensor Values { get; }

    /// <summary>How many tokens went into it.</summary>
    public int Position { get; set; }

    public override int Length => Position;

    public override long Bytes => _storage.Length;

    public override long BytesAt(int length, int rows) => Values.Bytes;

    public override bool CanGoBack => false;

    public override bool TryTruncate(int length)
    {
        if (length == Position)
            return true;
        if (length != 0)
            return false;
        Values.Floats.Clear();
        Position = 0;
        return true;
    }

    public override void Save(BinaryWriter writer)
    {
        writer.Write(Position);
        writer.Write(Values.Floats.Length);
        writer.Write(MemoryMarshal.AsBytes(Values.Floats));
    }

    public override void Load(BinaryReader reader)
    {
        Position = reader.ReadInt32();
        var found = reader.ReadInt32();
        if (found != Values.Floats.Length)
            throw SessionFaults.WrongSize("recurrent state", found, Values.Floats.Length);
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(Values.Floats));
    }

    public override void Dispose()
    {
        _storage.Dispose();
        base.Dispose();
    }
}
