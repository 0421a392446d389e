using System.Runtime.InteropServices;

namespace Brickwork.Models.Running;

/// <summary>The layout of a saved sequence: magic, version, fingerprint of the model, tokens, the states in slot order.</summary>
static class SequenceFile
{
    const uint Magic = 0x71657362; // "bseq"
    const int Version = 1;
    const int PieceTokens = 4096;

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
            if (ReadFingerprint(reader) is var fingerprint && fingerprint != sequence.Runner.Fingerprint)
                throw SessionFaults.NotASession($"it belongs to the model '{fingerprint}', not to '{sequence.Runner.Fingerprint}'");
            ReadTokens(reader, sequence);
            sequence.VirtualCount = sequence.Length == 0 ? 0 : sequence.Runner.VirtualCount(sequence);
            if (reader.ReadInt32() is var count && count != sequence.States.Count)
                throw SessionFaults.WrongSize("list of states", count, sequence.States.Count);
            foreach (var state in sequence.States)
                ReadState(reader, state, sequence.Position);
        }
        catch (EndOfStreamException fault)
        {
            throw new CheckpointException("The saved session ends too early.", "Save it again; the file is incomplete.", fault);
        }
    }

    static string ReadFingerprint(BinaryReader reader)
    {
        try
        {
            return reader.ReadString();
        }
        catch (Exception fault) when (fault is FormatException or IOException and not EndOfStreamException)
        {
            throw SessionFaults.NotASession("the name of its model is damaged");
        }
    }

    static void ReadState(BinaryReader reader, SequenceState state, int tokens)
    {
        state.Load(reader);
        if (state.Length != tokens)
            throw SessionFaults.WrongSize("memory of one part", state.Length, tokens);
    }

    static void ReadTokens(BinaryReader reader, Sequence sequence)
    {
        var length = reader.ReadInt32();
        if (length < 0 || length > sequence.Runner.Context)
            throw SessionFaults.WrongSize("list of tokens", length, sequence.Runner.Context);
        // Piece by piece, so that a damaged length takes no more memory than the stream has bytes.
        var piece = new int[Math.Min(length, PieceTokens)];
        for (var left = length; left > 0; left -= piece.Length)
        {
            var tokens = piece.AsSpan(0, Math.Min(left, piece.Length));
            reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(tokens));
            foreach (var token in tokens)
                if ((uint)token >= (uint)sequence.Runner.Vocabulary)
                    throw SessionFaults.UnknownToken(token, sequence.Runner.Vocabulary);
            sequence.Append(tokens);
        }
    }
}
