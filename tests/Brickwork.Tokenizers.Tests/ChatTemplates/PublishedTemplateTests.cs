namespace Brickwork.Tokenizers.Tests.ChatTemplates;

public class PublishedTemplateTests
{
    public static TheoryData<string> Names => [.. TemplateGoldens.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_published_template_renders_every_conversation_like_jinja2(string name)
    {
        var source = TemplateGoldens.Source(name);
        var goldens = TemplateGoldens.Goldens(name);
        goldens.Count.ShouldBe(TemplateGoldens.Conversations.Count);

        foreach (var (conversation, golden) in goldens)
        {
            var (kind, expected) = golden!.AsObject().Single();
            var rendered = TemplateGoldens.Render(source, TemplateGoldens.Conversations[conversation]!);
            rendered.Kind.ShouldBe(kind, $"{name}, {conversation}: {rendered.Text}");
            if (kind != "failed")
                rendered.Text.ShouldBe(expected!.GetValue<string>(), $"{name}, {conversation}");
        }
    }

    [Fact]
    public void Small_programs_render_like_jinja2()
    {
        var conversation = TemplateGoldens.Conversations["tool round trip"]!;
        var differences = new List<string>();
        foreach (var golden in TemplateGoldens.Expressions())
        {
            var source = golden!["source"]!.GetValue<string>();
            var (kind, expected) = golden.AsObject().Last();
            var rendered = TemplateGoldens.Render(source, conversation);
            if (rendered.Kind != kind || (kind != "failed" && rendered.Text != expected!.GetValue<string>()))
                differences.Add($"{source}\n  found    {rendered.Kind} {rendered.Text}\n  expected {kind} {expected}");
        }
        differences.ShouldBeEmpty(string.Join('\n', differences));
    }
}
