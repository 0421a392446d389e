using System.Globalization;
using System.Text.Json;
using Brickwork.Formats.Log;
using Brickwork.Formats.Reading;
using Brickwork.Formats.Writing;

namespace Brickwork;

/// <summary>A model with bricks plugged in, as a small file that names them. It holds no weights of its own.</summary>
/// <remarks>Paths are kept relative to the file, so that a folder with all of them can be moved.</remarks>
public sealed record StackFile
{
    /// <summary>The name under which logs tell of stacks.</summary>
    internal const string Operation = "stack";

    const int MostBytes = 1 << 20;

    /// <summary>The model: a file, a folder or a name in the models folder; null = the embedded default.</summary>
    public string? Model { get; init; }

    /// <summary>The bricks, in the order in which they are plugged.</summary>
    public IReadOnlyList<StackedBrick> Bricks { get; init; } = [];

    /// <summary>Whether a file is a stack and not a brick by itself.</summary>
    public static bool IsAt(string path) => path.EndsWith(".brick", StringComparison.OrdinalIgnoreCase) && JsonFile.IsObjectAt(path);

    /// <summary>Reads a stack.</summary>
    /// <exception cref="CheckpointException">The file is missing, damaged, or no stack.</exception>
    public static StackFile Open(string path)
    {
        using var document = JsonFile.Read(path, MostBytes);
        try
        {
            var (stack, folder) = (new StackFile(), Path.GetDirectoryName(Path.GetFullPath(path))!);
            foreach (var entry in document.RootElement.EnumerateObject())
                stack = entry.Name switch
                {
                    "stack" when entry.Value.GetInt32() == 1 => stack,
                    "model" => stack with { Model = entry.Value.GetString() is { } model ? Absolute(folder, model) : null },
                    "bricks" => stack with { Bricks = [.. entry.Value.EnumerateArray().Select(brick => Read(brick, folder))] },
                    _ => throw new FormatException($"the entry '{entry.Name}' is unknown"),
                };
            return stack;
        }
        catch (Exception cause) when (cause is InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new CheckpointException($"{path} is no stack of bricks: {cause.Message}", "Write it again: brick plug BRICK --out STACK.brick", cause);
        }
    }

    /// <summary>Writes the stack.</summary>
    /// <exception cref="CheckpointException">The file exists and may not be replaced, or cannot be written.</exception>
    public void Save(string path, SaveOptions? options = null)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var text = JsonWriting.Bytes(json => Write(json, folder), new JsonWriterOptions { Indented = true });
        AtomicFile.WriteAll(path, [.. text, (byte)'\n'], (options ?? new SaveOptions()).Existing);
    }

    /// <summary>Plugs every brick into the model.</summary>
    /// <param name="model">The model of the stack; disposing it is left to the caller.</param>
    /// <param name="anyParent">Whether bricks are taken that were made for a model of another hash.</param>
    /// <exception cref="CheckpointException">A brick is missing, has changed since the stack was written, or is for another model.</exception>
    public LanguageModel PlugInto(LanguageModel model, bool anyParent = false)
    {
        ArgumentNullException.ThrowIfNull(model);
        var plugged = model.With(model.Decoder);
        foreach (var stacked in Bricks)
        {
            using var before = plugged;
            plugged = before.Plug(stacked.Open(before), new PlugOptions { Strength = stacked.Strength, AnyParent = anyParent });
        }
        return plugged;
    }

    /// <summary>How the model came to be that the stack stands for: a stack says itself what is plugged, so that its file holds no log that could say otherwise.</summary>
    /// <param name="model">The model of the stack, with its bricks or without.</param>
    /// <param name="hashes">Whether the model is read through for its hash.</param>
    /// <param name="cancellation">Ends that.</param>
    /// <exception cref="CheckpointException">A brick is missing, or has changed since the stack was written.</exception>
    internal IReadOnlyList<LoggedOperation> Log(LanguageModel model, bool hashes = true, CancellationToken cancellation = default)
    {
        var source = LoggedSource.NameOf(model.Checkpoint.Source);
        var operation = new LoggedOperation
        {
            Name = Operation,
            Arguments = LoggedOperation.Given(("strengths", string.Join(' ', Bricks.Select(brick => brick.Strength.ToString(CultureInfo.InvariantCulture))))),
        };
        return OperationLog.After(operation,
        [
            hashes ? LoggedSource.Of("model", source, model.Checkpoint, cancellation) : LoggedSource.InMemory("model", source, OperationLog.Of(model.Metadata)),
            .. Bricks.Select(brick => brick.Open(model).AsSource),
        ]);
    }

    void Write(Utf8JsonWriter json, string folder)
    {
        json.WriteNumber("stack", 1);
        json.WriteString("model", Model is null ? null : Relative(folder, Model));
        json.WriteStartArray("bricks");
        foreach (var brick in Bricks)
        {
            json.WriteStartObject();
            json.WriteString("path", Relative(folder, brick.Path));
            json.WriteString("content", brick.Content);
            json.WriteNumber("strength", brick.Strength);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    static StackedBrick Read(JsonElement json, string folder) => new(
        Absolute(folder, json.GetProperty("path").GetString() ?? ""), json.GetProperty("content").GetString() ?? "", json.GetProperty("strength").GetSingle());

    static string Relative(string folder, string path) => File.Exists(path) || Directory.Exists(path) ? Path.GetRelativePath(folder, Path.GetFullPath(path)) : path;

    static string Absolute(string folder, string path) => Path.Combine(folder, path) is var full && (File.Exists(full) || Directory.Exists(full)) ? full : path;
}

/// <summary>A brick of a stack.</summary>
/// <param name="Path">Its file or folder.</param>
/// <param name="Content">The hash of its tensors when the stack was written.</param>
/// <param name="Strength">How strongly it works.</param>
public sealed record StackedBrick(string Path, string Content, float Strength)
{
    /// <summary>Opens the brick and holds it against the hash.</summary>
    internal Brick Open(LanguageModel model)
    {
        var brick = Brick.Open(Path, model);
        return brick.Manifest.Content == Content ? brick : throw new CheckpointException(
            $"The brick {Path} has the content {brick.Manifest.Content![..12]}…; the stack was written for {Content[..Math.Min(12, Content.Length)]}….", "Get the brick again that the stack was made with, or write the stack anew.");
    }
}
