using System.CommandLine;
using Brickwork.Cli.Terminal;

namespace Brickwork.Cli.Verbs;

/// <summary><c>brick models</c>: the models that have a name.</summary>
sealed class ModelsVerb : Verb
{
    readonly Option<bool> _path = new("--path") { Description = "Print the models folder and nothing else" };

    public ModelsVerb() : base("models", "List the embedded models and those in the models folder") => Add(_path);

    protected override int Run(Invocation run)
    {
        if (run.Output.Json)
            run.Output.WriteJson(json =>
            {
                json.WriteString("path", ModelFolder.Path);
                json.WriteStartArray("models");
                foreach (var (name, place) in All())
                {
                    json.WriteStartObject();
                    json.WriteString("name", name);
                    json.WriteString("place", place);
                    json.WriteBoolean("default", name == ModelFolder.Default && place == "embedded");
                    json.WriteEndObject();
                }
                json.WriteEndArray();
            });
        else if (run.Value(_path))
            run.Output.Result.WriteLine(ModelFolder.Path);
        else
            foreach (var (name, place) in All())
                run.Output.Result.WriteLine($"{name}  ({place}{(name == ModelFolder.Default && place == "embedded" ? ", default" : "")})");
        return ExitCode.Good;
    }

    static IEnumerable<(string Name, string Place)> All() =>
        ModelFolder.Embedded.Select(name => (name, "embedded")).Concat(ModelFolder.Found().Select(name => (name, ModelFolder.Path)));
}
