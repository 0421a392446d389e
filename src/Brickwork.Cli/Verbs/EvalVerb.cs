namespace Brickwork.Cli.Verbs;

/// <summary><c>brick eval</c>: measures a model.</summary>
sealed class EvalVerb : System.CommandLine.Command
{
    public EvalVerb() : base("eval", "Measure a model")
    {
        Add(new PerplexityVerb());
        Add(new TaskVerb());
    }
}
