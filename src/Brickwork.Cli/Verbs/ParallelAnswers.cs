using Brickwork.Cli.Routing;
using Brickwork.Cli.Terminal;

namespace Brickwork.Cli.Verbs;

/// <summary>The answer of each brick to one prompt, one after the other.</summary>
static class ParallelAnswers
{
    /// <summary>Writes the answers under the names of their bricks and gives the exit code.</summary>
    public static int Write(Invocation run, RoutedModel routed, Func<BrickStrengths, Answer> ask)
    {
        var (answers, code) = (new List<(string Brick, Answer Answer)>(), ExitCode.Good);
        foreach (var choice in routed.Choices)
        {
            var brick = routed.Model.Bricks.First(plugged => choice.Of(plugged.Id) != 0).Id;
            if (!run.Output.Json)
                run.Output.Result.WriteLine($"[{brick}]");
            answers.Add((brick, ask(choice)));
            code = answers[^1].Answer.Close();
            if (code != ExitCode.Good)
                break;
        }
        if (run.Output.Json)
            run.Output.WriteJson(json =>
            {
                json.WriteStartArray("answers");
                foreach (var (brick, answer) in answers)
                {
                    json.WriteStartObject();
                    json.WriteString("brick", brick);
                    answer.WriteTo(json);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
            });
        return code;
    }
}
