using System.CommandLine;
using Brickwork.Cli.Options;
using Brickwork.Cli.Terminal;

namespace Brickwork.Cli.Verbs;

/// <summary><c>brick plug</c>: which bricks fit a model; a stack of them, or a model that holds one in its weights.</summary>
sealed class PlugVerb : Verb
{
    readonly Argument<string[]> _bricks = new("BRICK") { Description = "Bricks, or BRICK:STRENGTH, plugged in this order", Arity = ArgumentArity.ZeroOrMore };
    readonly Option<bool> _list = new("--list") { Description = "List the bricks that are plugged into the model" };
    readonly Option<bool> _intoWeights = new("--into-weights") { Description = "Work the brick into the weights and write the model to --out" };
    readonly Option<string?> _out = new("--out") { Description = "File for the stack (.brick), or for the model: a .gguf or a folder" };

    public PlugVerb() : base("plug", "Plug bricks into a model: a stack of them, or weights that hold one")
    {
        Add(_bricks);
        Add(_list);
        Add(_intoWeights);
        Add(_out);
        Add(OutputFile.Force);
        ModelOptions.AddTo(this);
    }

    protected override int Run(Invocation run)
    {
        var named = PlugFlags.Named(run).Concat((run.Value(_bricks) ?? []).Select(PlugFlags.Parse)).ToList();
        if (named.Count == 0 && !run.Value(_list))
            throw new UsageException("No brick is named.", "Name a brick: brick plug poet.brick:0.8 --out poetic.brick; or list what is plugged: brick plug --list");
        if (run.Value(_intoWeights))
            return IntoWeights(run, named, run.Value(_out));
        OutputFile.Check(run.Value(_out), run);
        if (named.FirstOrDefault(brick => run.Value(_out) is { } place && Path.GetFullPath(place) == Path.GetFullPath(brick.Path)).Path is { } own)
            throw new UsageException($"--out {own} is a brick of the stack itself, which would be lost.", "Name another file: a stack holds the places of its bricks, not the bricks.");
        var stack = new StackFile { Model = ModelOptions.Name(run) };
        if (stack.Model is { } model && StackFile.IsAt(model))
            stack = StackFile.Open(model);
        var plugged = ModelOptions.Load(run, ModelOptions.Name(run), ModelOptions.Read(run));
        try
        {
            foreach (var (file, strength) in named)
            {
                using var before = plugged;
                var brick = PlugFlags.Open(file, before);
                plugged = before.Plug(brick, new PlugOptions { Strength = strength, AnyParent = run.Value(PlugFlags.AnyParent) });
                stack = stack with { Bricks = [.. stack.Bricks, new StackedBrick(file, brick.Manifest.Content!, strength)] };
            }
            if (run.Value(_out) is { } target)
                stack.Save(target, OutputFile.Existing(run));
            BrickReport.Show(run, plugged);
        }
        finally
        {
            plugged.Dispose();
        }
        return ExitCode.Good;
    }

    static int IntoWeights(Invocation run, List<(string Path, float Strength)> named, string? target)
    {
        if (target is null)
            throw new UsageException("--into-weights writes a model, and there is no place for it.", "Name one: --out MODEL.gguf");
        if (named is not [var (path, strength)])
            throw new UsageException($"--into-weights takes one brick, not {named.Count}.", "Several go in one after the other: brick plug a.brick --into-weights --out MODEL.gguf");
        using var model = ModelOptions.Load(run, ModelOptions.Name(run), ModelOptions.Read(run));
        WeightWriting.Into(run, model, PlugFlags.Open(path, model), strength, target);
        return ExitCode.Good;
    }
}
