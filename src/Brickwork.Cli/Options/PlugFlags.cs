using System.CommandLine;
using System.Globalization;
using Brickwork.Cli.Routing;
using Brickwork.Cli.Terminal;
using Brickwork.Cli.Verbs;

namespace Brickwork.Cli.Options;

/// <summary>Bricks that are plugged before a verb runs.</summary>
static class PlugFlags
{
    public static Option<string[]> Plug { get; } = new("--plug")
    {
        Description = "A brick to plug, or BRICK:STRENGTH: a .brick, an adapter or control vector in GGUF, or a PEFT folder; may be given again",
    };

    public static Option<string[]> Bricks { get; } = new("--bricks") { Description = "A folder whose bricks are plugged, in the order of their names; may be given again" };

    public static Option<bool> AnyParent { get; } = new("--any-parent") { Description = "Take bricks that were made for another model, such as this one before it was converted or quantized" };

    public static void AddTo(Command verb)
    {
        verb.Add(Plug);
        verb.Add(Bricks);
        verb.Add(AnyParent);
    }

    /// <summary>The model with every brick the user named; the model given is not needed any more.</summary>
    public static LanguageModel Apply(Invocation run, LanguageModel model)
    {
        foreach (var (path, strength) in Named(run))
        {
            using var before = model;
            model = before.Plug(Open(path, before), new PlugOptions { Strength = strength, AnyParent = run.Value(AnyParent) });
        }
        return model;
    }

    /// <summary>Every brick the user named, opened.</summary>
    public static IReadOnlyList<NamedBrick> Open(Invocation run, LanguageModel model) => Open(run, model, Named(run));

    /// <summary>Bricks that will work together: a sum of some with different parents names none, so that each is held to the model here.</summary>
    /// <exception cref="CheckpointException">One is missing or damaged, or for another model.</exception>
    /// <exception cref="RecipeException">Two are of one name.</exception>
    public static IReadOnlyList<NamedBrick> Open(Invocation run, LanguageModel model, IEnumerable<(string Path, float Strength)> named)
    {
        (string Path, NamedBrick Brick)[] bricks = [.. named.Select(brick => (brick.Path, new NamedBrick(Open(brick.Path, model), brick.Strength)))];
        if (bricks.GroupBy(entry => entry.Brick.Brick.Id).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new RecipeException($"Two bricks are named '{twice.Key}': {string.Join(" and ", twice.Select(entry => entry.Path))}.", "Leave one out, or give each a name of its own.");
        foreach (var (_, brick) in bricks)
            BrickPlugging.RequireParent(model, brick.Brick, run.Value(AnyParent));
        return [.. bricks.Select(entry => entry.Brick)];
    }

    /// <summary>Every brick the user named with an option.</summary>
    public static IEnumerable<(string Path, float Strength)> Named(Invocation run) =>
        (run.Value(Plug) ?? []).Select(Parse).Concat((run.Value(Bricks) ?? []).SelectMany(BrickFolder.Find).Select(path => (path, 1f)));

    /// <exception cref="CheckpointException">There is no such file or folder.</exception>
    public static Brick Open(string path, LanguageModel? model) => File.Exists(path) || Directory.Exists(path) ? Brick.Open(path, model)
        : throw new CheckpointException($"The brick {path} does not exist.", "Name a .brick file, an adapter in GGUF, or a PEFT folder; its strength follows behind a colon: poet.brick:0.5");

    /// <summary>Cuts BRICK[:STRENGTH]; a file whose name holds a colon is a file.</summary>
    public static (string Path, float Strength) Parse(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon < 0 || File.Exists(text) || Directory.Exists(text))
            return (text, 1);
        return float.TryParse(text.AsSpan(colon + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out var strength) && float.IsFinite(strength) ? (text[..colon], strength)
            : throw new UsageException($"'{text[(colon + 1)..]}' in '{text}' is no strength; expected a number.", "Write for example poet.brick:0.5");
    }
}
