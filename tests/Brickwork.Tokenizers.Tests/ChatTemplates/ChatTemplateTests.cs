using System.Text.Json.Nodes;

namespace Brickwork.Tokenizers.Tests.ChatTemplates;

public class ChatTemplateTests
{
    static readonly ChatTurn[] Hello = [new("user", "Hello")];

    [Fact]
    public void A_template_is_read_once_and_rendered_often()
    {
        var template = ChatTemplate.Parse("{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}");
        template.Render(Hello).ShouldBe("user: Hello\n");
        template.Render([.. Hello, new("assistant", "Hi")]).ShouldBe("user: Hello\nassistant: Hi\n");
    }

    [Fact]
    public void Extra_fields_and_variables_reach_the_template()
    {
        var turn = new ChatTurn("assistant", null) { Extra = new JsonObject { ["tool_calls"] = new JsonArray("f") } };
        var options = new ChatTemplateOptions { Variables = new JsonObject { ["mood"] = "calm" } };
        ChatTemplate.Parse("{{ mood }} {{ messages[0].tool_calls }} {{ messages[0].content is defined }}").Render([turn], options)
            .ShouldBe("calm ['f'] False");
    }

    [Fact]
    public void A_refusal_carries_the_words_of_the_template() =>
        Should.Throw<ChatTemplateException>(() => ChatTemplate.Parse("{{ raise_exception('No!') }}").Render(Hello)).Message.ShouldContain("No!");

    [Theory]
    [InlineData("a\nb {{ nothing.here }}", "line 2, column 13", "'nothing' is undefined")]
    [InlineData("{% if true %}\n  {{ 1 + 'x' }}\n{% endif %}", "line 2, column 6", "int and a str")]
    [InlineData("{{ messages[0].content.strip(1, 2) }}", "line 1, column 29", "takes 1 arguments, found 2")]
    [InlineData("{{ messages | tojson(tabs=3) }}", "line 1", "no argument 'tabs'")]
    [InlineData("{% for a, b in [[1, 2, 3]] %}{% endfor %}", "line 1", "2 names are set from 3 values")]
    public void A_fault_names_its_place_and_reason(string source, string place, string reason)
    {
        var message = Should.Throw<CheckpointException>(() => ChatTemplate.Parse(source).Render(Hello)).Message;
        message.ShouldContain(place);
        message.ShouldContain(reason);
    }

    [Theory]
    [InlineData("x\n{% if true %}", "'if' has no end '{% endif %}'")]
    [InlineData("{{ 'x }}", "a string has no end")]
    [InlineData("{{ (1 }}", "unexpected '}'")]
    [InlineData("{{ 1", "a tag has no end '}}'")]
    [InlineData("{# x", "a comment has no end")]
    [InlineData("{% endif %}", "unexpected tag 'endif'")]
    [InlineData("{% break %}", "unexpected tag 'break'")]
    [InlineData("{% for x in y %}{% macro m() %}{% break %}{% endmacro %}{% endfor %}", "unexpected tag 'break'")]
    [InlineData("{{ 99999999999999999999 }}", "too large")]
    public void A_malformed_template_is_named_at_once(string source, string problem) =>
        Should.Throw<CheckpointException>(() => ChatTemplate.Parse(source)).Message.ShouldContain(problem);

    [Theory]
    [InlineData("{% include 'x' %}", "the tag 'include'")]
    [InlineData("{% for x in y recursive %}{% endfor %}", "a recursive loop")]
    [InlineData("{{ f(*x) }}", "an unpacked argument")]
    [InlineData("{{ 1 | filesizeformat }}", "the filter 'filesizeformat'")]
    [InlineData("{{ 1 is prime }}", "the test 'prime'")]
    public void What_the_subset_lacks_is_named(string source, string feature) =>
        Should.Throw<UnsupportedModelException>(() => ChatTemplate.Parse(source).Render(Hello)).Message.ShouldContain(feature);

    [Fact]
    public void A_filter_we_lack_does_no_harm_where_it_does_not_run() =>
        ChatTemplate.Parse("{% if false %}{{ 1 | urlize }}{% endif %}ok").Render(Hello).ShouldBe("ok");

    [Theory]
    [InlineData("{{ 'a' * 100000000 }}")]
    [InlineData("{{ 'a' * 9000000000000000000 }}")]
    [InlineData("{{ [0] * 1000000000 }}")]
    [InlineData("{{ range(1000000000) }}")]
    [InlineData("{% set ns = namespace(x='a') %}{% for i in range(99) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}")]
    [InlineData("{% set ns = namespace(x=[1]) %}{% for i in range(99) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x }}")]
    [InlineData("{% set ns = namespace(x=[1], y=[1]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% set ns.y = [ns.y, ns.y] %}{% endfor %}{{ ns.x == ns.y }}")]
    [InlineData("{% set x = [] %}{% set _ = x.append(x) %}{{ x }}")]
    [InlineData("{% set x = [] %}{% set _ = x.append(x) %}{{ x | tojson }}")]
    [InlineData("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}")]
    [InlineData("{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}")]
    [InlineData("{% for a in range(99999) %}{{ 'some text to repeat some text to repeat some text to repeat some text to repeat some text to repeat' * 9 }}{% endfor %}")]
    [InlineData("{{ '%1000000d' % 5 }}{% for a in range(99999) %}{{ '%9999d' % 5 }}{% endfor %}")]
    [InlineData("{% set s = 'a' * 9000000 %}{% for a in range(99999) %}{{ 'b' in s }}{% endfor %}")]
    [InlineData("{% set s = 'a' * 9000000 %}{% for a in range(99999) %}{% if s | upper == s %}{% endif %}{% endfor %}")]
    public void A_hostile_template_is_stopped(string source) =>
        Should.CompleteIn(() => Should.Throw<CheckpointException>(() => ChatTemplate.Parse(source).Render(Hello)), TimeSpan.FromSeconds(60));

    [Theory]
    [InlineData('(', ')')]
    [InlineData('[', ']')]
    public void Deep_nesting_is_an_error_and_no_crash(char open, char close) => Should.Throw<CheckpointException>(() =>
        ChatTemplate.Parse("{{ " + new string(open, 100_000) + "1" + new string(close, 100_000) + " }}").Render(Hello));

    [Theory]
    [InlineData("not ")]
    [InlineData("- ")]
    [InlineData("1 if ")]
    [InlineData("{'a': ")]
    public void A_long_row_of_operators_is_an_error_and_no_crash(string word) => Should.Throw<CheckpointException>(() =>
        ChatTemplate.Parse("{{ " + string.Concat(Enumerable.Repeat(word, 100_000)) + "1 }}").Render(Hello));

    [Fact]
    public void A_long_sum_is_either_rendered_or_refused()
    {
        var source = "{{ " + string.Join('+', Enumerable.Repeat("1", 100_000)) + " }}";
        Should.Throw<CheckpointException>(() => ChatTemplate.Parse(source).Render(Hello));
        ChatTemplate.Parse("{{ " + string.Join('+', Enumerable.Repeat("1", 100)) + " }}").Render(Hello).ShouldBe("100");
    }

    [Fact]
    public void Dates_follow_the_given_clock()
    {
        var options = TemplateGoldens.Options(new JsonObject());
        ChatTemplate.Parse("{{ strftime_now('%d %b %Y, %A %-d/%-m %H:%M %I%p %j') }}").Render(Hello, options)
            .ShouldBe("26 Jul 2024, Friday 26/7 09:05 09AM 208");
    }
}
