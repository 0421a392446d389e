using System.Runtime.InteropServices;

namespace Brickwork.Models.Running;

/// <summary>A state of fixed size that every token overwrites: convolution windows, state-space and linear-attention memories.</summary>
/// <param name="length">How many values; zero at the start of a sequence.</param>
sealed class RecurrentState(int length) : SequenceState
{
    /// <summary>The values.</summary>
    public float[] Values { get; } = new float[length];

    /// <summary>How many tokens went into it.</summary>
    public int Position { get; set; }

    public override bool TryTruncate(int length)
    {
        if (length == Position)
            return true;
        if (length != 0)
            return false;
        Values.AsSpan().Clear();
        Position = 0;
        return true;
    }

    public override void Save(BinaryWriter writer)
    {
        writer.Write(Position);
        writer.Write(Values.Length);
        writer.Write(MemoryMarshal.AsBytes<float>(Values));
    }

    public override void Load(BinaryReader reader)
    {
        Position = reader.ReadInt32();
        var found = reader.ReadInt32();
        if (found != Values.Length)
            throw SessionFaults.WrongSize("recurrent state", found, Values.Length);
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(Values.AsSpan()));
    }
}
