using System.Text;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace Brickwork.Mixture.Readers;

/// <summary>The words of HTML, Mallard and other tagged pages, a line for each block.</summary>
static partial class Html
{
    const string Dropped = "script, style, nav, header, footer, form, button, noscript, svg, math, head, info, .headerlink, .toc, .toctree-wrapper, .contents, .navheader, .navfooter, "
        + ".sphinxsidebar, .related, .footer, .navigation, .breadcrumb, .docnav, .index, .indexterm, .noprint, #DisplayArea nav, .bibliography, .clearer, #Search, .leftside, .docs-header, .summary-links";

    const string Main = "main, article, div[role=main], div.document div.body, #DisplayArea, div.article, div.book, div.chapter, div.section, div.sect1, div.refentry, div.appendix";

    static readonly HashSet<string> Blocks = new(StringComparer.OrdinalIgnoreCase)
    {
        "p", "div", "section", "article", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "dl", "dt", "dd", "table", "tr", "pre", "blockquote", "br", "hr", "title", "item", "steps", "list",
        "note", "figure", "figcaption", "caption", "example", "listing", "screen", "terms", "page", "summary", "details",
    };

    /// <summary>A page is a document.</summary>
    public static IEnumerable<string> Page(string path)
    {
        var document = new HtmlParser().ParseDocument(Plain.Text(path));
        var root = document.QuerySelectorAll(Main).FirstOrDefault(element => element.TextContent.Length > 200) ?? document.Body;
        return root is null ? [] : [Words(root)];
    }

    /// <summary>Mallard help, whose elements the HTML parser keeps under their own names.</summary>
    public static IEnumerable<string> Mallard(string path) =>
        new HtmlParser().ParseDocument(SelfClosed().Replace(Plain.Text(path), "<$1$2></$1>")).Body is { } body ? [Words(body)] : [];

    /// <summary>The words of a piece of markup.</summary>
    public static string Words(string markup) => new HtmlParser().ParseDocument(markup).Body is { } body ? Words(body) : "";

    static string Words(IElement root)
    {
        foreach (var element in root.QuerySelectorAll(Dropped).ToArray())
            element.Remove();
        var text = new StringBuilder();
        Write(root, text, false);
        return text.ToString();
    }

    static void Write(INode node, StringBuilder text, bool preformatted)
    {
        if (node is IText words)
        {
            var plain = preformatted ? words.Data : Spaces().Replace(words.Data, " ");
            text.Append(!preformatted && text.Length > 0 && char.IsWhiteSpace(text[^1]) ? plain.TrimStart(' ') : plain);
            return;
        }
        if (node is IElement { LocalName: "td" or "th" } && text.Length > 0 && !char.IsWhiteSpace(text[^1]))
            text.Append("  ");
        var block = node is IElement element && Blocks.Contains(element.LocalName);
        if (block)
            Break(text, node);
        if (node is IElement { LocalName: "li" or "item" })
            text.Append("- ");
        foreach (var child in node.ChildNodes)
            Write(child, text, preformatted || node is IElement { LocalName: "pre" or "screen" or "code" } && node.TextContent.Contains('\n'));
        if (block)
            Break(text, node);
    }

    // A blank line around what is a paragraph; a new line around the rest.
    static void Break(StringBuilder text, INode node)
    {
        // What is in a list item goes on behind its mark.
        if (text.Length > 1 && text[^1] == ' ' && text[^2] == '-' && (text.Length == 2 || text[^3] == '\n'))
            return;
        while (text.Length > 0 && text[^1] == ' ')
            text.Length--;
        var wanted = node is IElement { LocalName: "li" or "item" or "dt" or "dd" or "tr" or "br" } || node.ParentElement is { LocalName: "li" or "item" or "dd" } ? 1 : 2;
        var have = 0;
        while (have < text.Length && have < 2 && text[^(have + 1)] == '\n')
            have++;
        if (text.Length > 0)
            text.Append('\n', Math.Max(0, wanted - have));
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex(@"<([a-z:]+)((?:\s[^<>]*?)?)/>")]
    private static partial Regex SelfClosed();
}
