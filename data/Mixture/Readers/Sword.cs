using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace Brickwork.Mixture.Readers;

/// <summary>Modules of the SWORD project: blocks of OSIS markup, each packed by zlib, listed in a table beside them.</summary>
static partial class Sword
{
    /// <summary>The chapters of a module.</summary>
    /// <param name="path">The file of blocks (.bzz, .czz); the table has the ending .bzs or .czs.</param>
    public static IEnumerable<string> Chapters(string path)
    {
        var (table, blocks) = (File.ReadAllBytes(path[..^1] + "s"), File.ReadAllBytes(path));
        for (var at = 0; at < table.Length; at += 12)
        {
            var (start, length) = (BinaryPrimitives.ReadInt32LittleEndian(table.AsSpan(at)), BinaryPrimitives.ReadInt32LittleEndian(table.AsSpan(at + 4)));
            using var block = new StreamReader(new ZLibStream(new MemoryStream(blocks, start, length), CompressionMode.Decompress), Encoding.UTF8);
            foreach (var chapter in Chapter().Split(block.ReadToEnd()))
                yield return Words(chapter);
        }
    }

    static string Words(string markup)
    {
        markup = Note().Replace(markup, "");
        markup = Heading().Replace(markup, "\n\n$1\n\n");
        markup = Break().Replace(markup, "\n");
        markup = Row().Replace(markup, "\n").Replace("</cell><cell>", " ", StringComparison.Ordinal);
        var lines = System.Net.WebUtility.HtmlDecode(Tag().Replace(markup, "")).Split('\n').Select(line => Spaces().Replace(line, " ").Trim());
        return string.Join('\n', lines);
    }

    [GeneratedRegex("(?=<chapter [^>]*sID=)")]
    private static partial Regex Chapter();

    [GeneratedRegex("<note[^>]*>.*?</note>|<reference[^>]*>.*?</reference>(?=\\s*</note>)", RegexOptions.Singleline)]
    private static partial Regex Note();

    [GeneratedRegex("<title[^>]*>(.*?)</title>", RegexOptions.Singleline)]
    private static partial Regex Heading();

    [GeneratedRegex("<div [^>]*type=\"(?:x-p|paragraph|section|introduction)\"[^>]*/>|<lb[^>]*/>|</?lg[^>]*/?>|<l [^>]*eID[^>]*/>|<milestone[^>]*type=\"x-p\"[^>]*/>|<p>|</p>")]
    private static partial Regex Break();

    [GeneratedRegex("</?row>|</?table>")]
    private static partial Regex Row();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex("[ \t\r]+")]
    private static partial Regex Spaces();
}
