using Brickwork.Mixture.Readers;
using Brickwork.TestKit;

namespace Brickwork.Mixture.Tests;

public sealed class MarkupTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_page_keeps_its_words_and_blocks_and_loses_its_menus()
    {
        var page = _folder.Write("page.html", """
            <html><head><title>tab</title></head><body><nav>menu</nav>
            <h1>Title<a class="headerlink" href="#t">¶</a></h1><p>Some   words
            with <b>weight</b>.</p><ul><li><p>one</p></li><li>two</li></ul>
            <pre>if a:
                b</pre><table><tr><td>1</td><td>2</td></tr></table><footer>made by</footer></body></html>
            """);

        Read(Html.Page, page).ShouldBe(["Title\n\nSome words with weight.\n\n- one\n- two\n\nif a:\n    b\n\n1  2"]);
    }

    [Fact]
    public void What_is_around_the_main_part_of_a_page_is_left_out()
    {
        var page = _folder.Write("page.html", $"<body><div>around</div><main><p>{string.Join(' ', Enumerable.Repeat("word", 60))}</p></main></body>");

        Read(Html.Page, page).Single().ShouldNotContain("around");
    }

    [Fact]
    public void Help_in_Mallard_is_read_although_its_elements_close_themselves()
    {
        var page = _folder.Write("help.page", "<page><info><desc>about</desc></info><title>Keys</title><p>Press <key>A</key>.<media src=\"x\"/></p><steps><item><p>Go</p></item></steps></page>");

        Read(Html.Mallard, page).ShouldBe(["Keys\n\nPress A.\n\n- Go"]);
    }

    [Fact]
    public void Sections_of_Markdown_lose_their_signs()
    {
        var page = _folder.Write("page.md", "# First\n\nSome **bold** and _slanted_ words with a [link](http://x) and ![a picture](y).\n\n* * *\n\n## Second\nMore\\.\n");

        Read(Markdown.Sections, page).Where(text => text.Length > 0).ShouldBe(["First\n\nSome bold and slanted words with a link and .", "Second\n\nMore."]);
    }

    [Fact]
    public void A_manual_page_loses_its_macros_tables_and_fonts()
    {
        var page = _folder.Write("ls.1.gz", Packing.Gzip("""
            .TH LS 1 2020
            .de XX
            never
            ..
            .SH NAME
            ls \- list
            .SH "OPTIONS OF LS"
            .TP
            .B \-a
            do not \fIignore\fR \(lqdots\(rq
            entries
            .\" nobody reads this
            .PP
            See
            .BR cat (1).
            .nf
              $ ls
            .fi
            .TS
            a table
            .TE
            """));

        Read(ManualPage.Page, page).ShouldBe(["NAME\nls - list\n\nOPTIONS OF LS\n\n-a\ndo not ignore \"dots\" entries\n\nSee cat(1).\n\n  $ ls"]);
        ManualPage.Page(_folder.Write("mdoc.1", ".Dd today\n.Sh NAME\n")).ShouldBeEmpty();
    }

    static string[] Read(Func<string, IEnumerable<string>> read, string path) => [.. read(path).Select(Plain.Tidy)];
}
