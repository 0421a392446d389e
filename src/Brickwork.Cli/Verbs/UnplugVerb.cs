using System.CommandLine;
using Brickwork.Cli.Options;
using Brickwork.Cli.Terminal;

namespace Brickwork.Cli.Verbs;

/// <summary><c>brick unplug</c>: takes bricks out of a stack, or one out of weights that hold it.</summary>
sealed class UnplugVerb : Verb
{
    readonly Argument<string[]> _bricks = new("BRICK") { Description = "Ids of bricks of the stack; with --from-weights the brick's file, or BRICK:STRENGTH", Arity = ArgumentArity.OneOrMore };
    readonly Option<bool> _fromWeights = new("--from-weights") { Description = "Take a brick out of weights that hold it, up to rounding, and write the model to --out" };
    readonly Option<string?> _out = new("--out") { Description = "File for the stack (.brick), or for the model: a .gguf or a folder" };

    public UnplugVerb() : base("unplug", "Take bricks out of a stack, or out of weights that hold one")
    {
        Add(_bricks);
        Add(_fromWeights);
        Add(_out);
        Add(OutputFile.Force);
        ModelOptions.AddTo(this);
    }

    protected override int Run(Invocation run)
    {
        var named = run.Value(_bricks)!;
        if (run.Given(PlugFlags.Plug) || run.Given(PlugFlags.Bricks))
            throw new UsageException("--plug is given to unplug.", "Plug and unplug one after the other: brick plug BRICK --out STACK.brick");
        if (run.Value(_fromWeights))
            return FromWeights(run, named, run.Value(_out));
        if (ModelOptions.Name(run) is not { } path || !StackFile.IsAt(path))
            throw new UsageException($"Bricks are unplugged from a stack; {ModelOptions.Name(run) ?? "the embedded model"} is none.", "Name the stack that brick plug --out wrote: -m STACK.brick; or take a brick out of weights: --from-weights");
        OutputFile.Check(run.Value(_out), run);
        var stack = StackFile.Open(path);
        var plugged = ModelOptions.Load(run);
        try
        {
            var left = stack.Bricks.Where(brick => !named.Contains(Brick.Open(brick.Path, plugged).Id)).ToList();
            foreach (var id in named)
            {
                using var before = plugged;
                plugged = before.Unplug(id);
            }
            if (run.Value(_out) is { } file)
                (stack with { Bricks = left }).Save(file, OutputFile.Existing(run));
            BrickReport.Show(run, plugged);
        }
        finally
        {
            plugged.Dispose();
        }
        return ExitCode.Good;
    }

    static int FromWeights(Invocation run, string[] named, string? target)
    {
        if (named is not [var one] || target is null)
            throw new UsageException("--from-weights takes one brick and --out.", "Write: brick unplug poet.brick --from-weights --out MODEL.gguf");
        var (path, strength) = PlugFlags.Parse(one);
        using var model = ModelOptions.Load(run);
        WeightWriting.OutOf(run, model, PlugFlags.Open(path, model), strength, target);
        return ExitCode.Good;
    }
}
