using System.Globalization;
using System.Net;
using System.Text;
using Brickwork.Formats.Writing;
using Brickwork.Training.Metrics;

namespace Brickwork.Training.Reports;

/// <summary>One page with the curves, measurements and samples of a training; it needs nothing else and no network.</summary>
static class TrainingReport
{
    const int MostSamples = 12;

    const string Style = """
        :root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;max-width:760px;margin:2em auto;padding:0 1em;background:Canvas;color:CanvasText}
        svg{width:100%;height:auto}svg text{font-size:11px;fill:CanvasText;opacity:.7}.grid{stroke:CanvasText;opacity:.15}polyline{fill:none;stroke-width:1.5}
        .legend span{margin-right:1em}table{border-collapse:collapse}td,th{text-align:left;padding:.1em 1em .1em 0}pre{white-space:pre-wrap;opacity:.9}
        """;

    /// <summary>Writes the page: whole or not at all.</summary>
    public static void Write(string path, string name, long steps, IReadOnlyList<KeyValuePair<string, string>> plan, MetricsHistory history) =>
        AtomicFile.WriteAll(path, Encoding.UTF8.GetBytes(Page(name, steps, plan, history)), ExistingFiles.Replace);

    public static string Page(string name, long steps, IReadOnlyList<KeyValuePair<string, string>> plan, MetricsHistory history)
    {
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{Text(name)}</title><style>{Style}</style></head><body>");
        page.Append(CultureInfo.InvariantCulture, $"<h1>{Text(name)}</h1><p>{Summary(steps, history)}</p>");
        foreach (var (title, curves) in Plots(history))
            if (SvgPlot.Draw(curves) is { Length: > 0 } plot)
                page.Append(CultureInfo.InvariantCulture, $"<h2>{title}</h2>{plot}");
        Domains(page, history);
        Samples(page, history);
        page.Append("<h2>Plan</h2><table>");
        foreach (var (key, value) in plan)
            page.Append(CultureInfo.InvariantCulture, $"<tr><td>{Text(key)}</td><td>{Text(value)}</td></tr>");
        return page.Append("</table></body></html>\n").ToString();
    }

    static IEnumerable<(string Title, IReadOnlyList<Curve> Curves)> Plots(MetricsHistory history)
    {
        Curve Of(string name, Func<StepMetrics, double> value) => new(name, [.. history.Steps.Select(step => ((double)step.Step, value(step)))]);
        var domains = history.Evaluations.SelectMany(evaluation => evaluation.Domains.Keys).Distinct();
        yield return ("Loss, nats per token", [Of("training", step => step.Loss), new("held out", [.. history.Evaluations.Select(evaluation => ((double)evaluation.Step, evaluation.Loss))])]);
        yield return ("Held-out bits per byte", [.. domains.Select(domain => new Curve(domain,
            [.. history.Evaluations.Where(evaluation => evaluation.Domains.ContainsKey(domain)).Select(evaluation => ((double)evaluation.Step, evaluation.Domains[domain].BitsPerByte))]))]);
        yield return ("Learning rate", [Of("rate", step => step.LearningRate)]);
        yield return ("Length of the gradient", [Of("gradient", step => step.GradientNorm)]);
        yield return ("Tokens per second", [Of("tokens/s", step => step.TokensPerSecond)]);
    }

    static string Summary(long steps, MetricsHistory history)
    {
        if (history.Steps.Count == 0)
            return "No step was done yet.";
        var last = history.Steps[^1];
        var heldOut = history.Evaluations.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", held out {history.Evaluations[^1].BitsPerByte:F4} bits per byte");
        return string.Create(CultureInfo.InvariantCulture,
            $"Step {last.Step} of {steps}, {last.Tokens:N0} tokens in {last.Seconds / 60:F1} minutes; loss {last.Loss:F4}{heldOut}.");
    }

    static void Domains(StringBuilder page, MetricsHistory history)
    {
        if (history.Evaluations.Count == 0)
            return;
        page.Append("<h2>Held out, last measurement</h2><table><tr><th>domain</th><th>bits per byte</th><th>tokens</th><th>bytes</th></tr>");
        foreach (var (name, domain) in history.Evaluations[^1].Domains)
            page.Append(CultureInfo.InvariantCulture, $"<tr><td>{Text(name)}</td><td>{domain.BitsPerByte:F4}</td><td>{domain.Tokens:N0}</td><td>{domain.Bytes:N0}</td></tr>");
        page.Append("</table>");
    }

    static void Samples(StringBuilder page, MetricsHistory history)
    {
        if (history.Samples.Count == 0)
            return;
        page.Append("<h2>Samples</h2>");
        foreach (var sample in history.Samples.Skip(Math.Max(0, history.Samples.Count - MostSamples)))
            page.Append(CultureInfo.InvariantCulture, $"<pre><small>step {sample.Step}</small>\n<b>{Text(sample.Prompt)}</b>{Text(sample.Text)}</pre>");
    }

    static string Text(string text) => WebUtility.HtmlEncode(text);
}
