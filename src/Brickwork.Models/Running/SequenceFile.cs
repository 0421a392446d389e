using System.Runtime.InteropServices;

namespace Brickwork.Models.Running;

/// <summary>The layout of a saved sequence: magic, version, fingerprint of the model, tokens, the states in slot order.</summary>
static class SequenceFile
{
    const uint Magic = 0x71657362; // "bseq"
    const int Version = 1;

    public static void Write(Stream stream, Sequence sequence)
    {
        using var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true);
        writer.Write(Magic);
        writer.Write(Version);
        writer.Write(sequence.Runner.Fingerprint);
        writer.Write(sequence.Length);
        writer.Write(MemoryMarshal.AsBytes(sequence.Tokens));
        writer.Write(sequence.States.Count);
        foreach (var state in sequence.States)
            state.Save(writer);
    }

    public static void Read(Stream stream, Sequence sequence)
    {
        using var reader = new BinaryReader(stream, System.Text.Encoding.UTF8, leaveOpen: true);
        try
        {
            if (reader.ReadUInt32() != Magic)
                throw SessionFaults.NotASession("it does not begin with 'bseq'");
            if (reader.ReadInt32() is var version and not Version)
                throw SessionFaults.NotASession($"its version is {version}, expected {Version}");
            if (reader.ReadString() is var fingerprint && fingerprint != sequence.Runner.Fingerprint)
                throw SessionFaults.NotASession($"it belongs to the model '{fingerprint}', not to '{sequence.Runner.Fingerprint}'");
            ReadTokens(reader, sequence);
            if (reader.ReadInt32() is var count && count != sequence.States.Count)
                throw SessionFaults.WrongSize("list of states", count, sequence.States.Count);
            foreach (var state in sequence.States)
                state.Load(reader);
        }
        catch (EndOfStreamException fault)
        {
            throw new CheckpointException("The saved session ends too early.", "Save it again; the file is incomplete.", fault);
        }
    }

    static void ReadTokens(BinaryReader reader, Sequence sequence)
    {
        var length = reader.ReadInt32();
        if (length < 0 || length > sequence.Runner.Context)
            throw SessionFaults.WrongSize("list of tokens", length, sequence.Runner.Context);
        var tokens = new int[length];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(tokens.AsSpan()));
        sequence.Append(tokens);
    }
}
