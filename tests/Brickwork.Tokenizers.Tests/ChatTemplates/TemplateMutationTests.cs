using System.Diagnostics;

namespace Brickwork.Tokenizers.Tests.ChatTemplates;

public class TemplateMutationTests
{
    const int Mutations = 2000;

    static readonly TimeSpan LongestRendering = TimeSpan.FromSeconds(10);

    // Words that lead a damaged template deeper than random letters do.
    static readonly string[] Words =
    [
        "{{", "}}", "{%", "%}", "{#", "#}", "-", "(", ")", "[", "]", "{", "}", "|", ".", ",", ":", "'", "\"", "\\", " if ", " else ", " for ", " in ",
        " not ", " is ", "{% endif %}", "{% endfor %}", "{% break %}", "|length", "|tojson", "|join", "[::-1]", "[1:]", "**", "* 99999", "% 0", "// 0",
        "range(99999)", "messages", "none", "loop.index", ".items()", ".append(messages)", "|list", "|sort", "|map('upper')", "(x=1)", "~", "'\\ud800'",
    ];

    [Fact]
    public void A_damaged_template_raises_nothing_but_the_documented_errors()
    {
        var random = new Random(20240726);
        var sources = TemplateGoldens.Names.Select(TemplateGoldens.Source).ToArray();
        var conversations = TemplateGoldens.Conversations.Select(pair => pair.Value!).ToArray();
        var kinds = new Dictionary<string, int>();
        for (var i = 0; i < Mutations; i++)
        {
            var source = Mutate(sources[random.Next(sources.Length)], random);
            var clock = Stopwatch.StartNew();
            try
            {
                var kind = TemplateGoldens.Render(source, conversations[random.Next(conversations.Length)]).Kind;
                kinds[kind] = kinds.GetValueOrDefault(kind) + 1;
            }
            catch (Exception error)
            {
                throw new InvalidOperationException($"Mutation {i} raised {error.GetType().Name}:\n{source}", error);
            }
            clock.Elapsed.ShouldBeLessThan(LongestRendering, source);
        }

        // The mutations are worth something only where many of them still run.
        kinds["text"].ShouldBeGreaterThan(Mutations / 20);
        kinds["failed"].ShouldBeGreaterThan(Mutations / 20);
    }

    static string Mutate(string source, Random random)
    {
        for (var edits = random.Next(1, 5); edits > 0; edits--)
        {
            var at = random.Next(source.Length + 1);
            var length = Math.Min(random.Next(1, 12), source.Length - at);
            source = random.Next(5) switch
            {
                0 => source.Remove(at, length),
                1 => source.Insert(at, Words[random.Next(Words.Length)]),
                2 => source.Insert(at, source.Substring(random.Next(source.Length - length + 1), length)),
                3 => source.Remove(at, length).Insert(at, Words[random.Next(Words.Length)]),
                _ => source.Insert(at, ((char)random.Next(0x20, 0x7F)).ToString()),
            };
            if (source.Length == 0) source = "{{ messages }}";
        }
        return source;
    }
}
