using System.CommandLine;
using Brickwork.Cli.Options;
using Brickwork.Cli.Terminal;

namespace Brickwork.Cli.Verbs;

/// <summary><c>brick convert</c>: from one file format to another.</summary>
sealed class ConvertVerb : Verb
{
    readonly ConversionOptions _conversion = new();
    readonly Option<string?> _type = new("--to") { Description = "Storage type of the matrices: f32, f16, bf16, q8_0, … [default: as they are]" };

    public ConvertVerb() : base("convert", "Convert between GGUF, Hugging Face folders and llama2.c (read only)")
    {
        _conversion.AddTo(this);
        Add(_type);
    }

    protected override int Run(Invocation run)
    {
        var result = _conversion.Run(run, run.Value(_type), importance: null);
        _conversion.Report(run, result, null);
        return ExitCode.Good;
    }
}
