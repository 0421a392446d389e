using System.Text;

namespace Brickwork.Inference.Chat;

/// <summary>The layout of a saved conversation: magic, version, the model's fingerprint, counters, turns, then the sequence.</summary>
static class ChatFile
{
    const uint Magic = 0x74686362; // "bcht"
    const int Version = 1;

    internal static void Save(string path, string fingerprint, ChatHistory history, Sequence sequence)
    {
        var temporary = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.Create))
            {
                Write(stream, fingerprint, history);
                sequence.Save(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    internal static void Load(string path, string fingerprint, ChatHistory history, TurnWriter writer)
    {
        try
        {
            using var stream = File.OpenRead(path);
            using var reader = new BinaryReader(stream, Encoding.UTF8);
            CheckHeader(reader, path, fingerprint);
            var (dropped, asked) = (reader.ReadInt32(), reader.ReadInt32());
            var turns = ReadTurns(reader);
            writer.Load(stream);
            history.Restore(turns, dropped, asked);
        }
        catch (Exception fault) when (fault is IOException or FormatException or UnauthorizedAccessException)
        {
            throw new CheckpointException(
                $"The saved conversation '{path}' cannot be read: {fault.Message}", "Give a whole file that was written by /save.", fault);
        }
    }

    static void Write(Stream stream, string fingerprint, ChatHistory history)
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write(Magic);
        writer.Write(Version);
        writer.Write(fingerprint);
        writer.Write(history.Dropped);
        writer.Write(history.Asked);
        writer.Write(history.Turns.Count);
        foreach (var turn in history.Turns)
        {
            writer.Write(turn.Role);
            writer.Write(turn.Content ?? "");
        }
    }

    static void CheckHeader(BinaryReader reader, string path, string fingerprint)
    {
        if (reader.ReadUInt32() != Magic)
            throw Wrong(path, "does not begin with 'bcht'");
        if (reader.ReadInt32() is var version && version != Version)
            throw Wrong(path, $"has version {version}, expected {Version}");
        if (reader.ReadString() is var found && found != fingerprint)
            throw Wrong(path, $"belongs to the model with fingerprint '{Short(found)}', expected '{fingerprint}'");
    }

    static List<ChatTurn> ReadTurns(BinaryReader reader)
    {
        // The list grows with what is really there: a lying count ends at the end of the file.
        List<ChatTurn> turns = [];
        for (var left = reader.ReadInt32(); left > 0; left--)
            turns.Add(new ChatTurn(reader.ReadString(), reader.ReadString()));
        return turns;
    }

    static string Short(string text) => text.Length > 40 ? text[..40] + "…" : text;

    static CheckpointException Wrong(string path, string found) => new(
        $"The saved conversation '{path}' {found}.", "Load a file that was written by /save with this model.");
}
