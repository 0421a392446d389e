using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using Brickwork.Mixture.Readers;

namespace Brickwork.Mixture;

/// <summary>Fetches packages, reads their texts, takes near-duplicates out, keeps to the limits, and writes one file for each domain.</summary>
/// <param name="packages">Where packages are kept.</param>
/// <param name="output">Where the domains go.</param>
/// <param name="notes">Where the table and the hashes go.</param>
sealed class Builder(string packages, string output, string notes)
{
    static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    readonly NearDuplicates _duplicates = new(new DuplicateOptions());
    readonly List<SourceResult> _results = [];

    public int Run(IReadOnlyList<TextSource> sources)
    {
        // A mixture appears when it is complete.
        var unfinished = output + ".partial";
        if (Directory.Exists(unfinished))
            Directory.Delete(unfinished, recursive: true);
        Directory.CreateDirectory(unfinished);
        foreach (var domain in sources.GroupBy(source => source.Domain))
        {
            using var bytes = new MemoryStream();
            foreach (var source in domain)
                Write(source, bytes);
            var path = Path.Combine(unfinished, $"{domain.Key}.jsonl.gz");
            using (var zip = new GZipStream(File.Create(path), CompressionLevel.Optimal))
                bytes.WriteTo(zip);
            _results.Add(SourceResult.OfDomain(domain.Key, Convert.ToHexStringLower(SHA256.HashData(bytes.ToArray()))));
        }
        if (Directory.Exists(output))
            Directory.Delete(output, recursive: true);
        Directory.Move(unfinished, output);
        Report.Write(_results, notes);
        return 0;
    }

    void Write(TextSource source, Stream output)
    {
        var folder = source.Package.Fetch(packages);
        var pattern = new Regex(source.Files);
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(file => new FileInfo(file).LinkTarget is null)
            .Select(file => (Path: file, Name: Path.GetRelativePath(folder, file).Replace('\\', '/'))).Where(file => pattern.IsMatch(file.Name)).OrderBy(file => file.Name, StringComparer.Ordinal);
        var texts = files.SelectMany(file => source.Read(file.Path).Select((text, index) => (Origin: $"{file.Name}:{index + 1}", Text: Plain.Tidy(text))))
            .Where(text => Size(text.Text) >= source.Shortest && _duplicates.IsNew(new CorpusDocument(source.Domain, text.Origin, text.Text))).ToList();
        var found = _duplicates.Found.Count;
        var kept = Limited(texts, source.Megabytes);
        foreach (var (origin, text) in kept)
        {
            using var json = new Utf8JsonWriter(output, Readable);
            json.WriteStartObject();
            json.WriteString("text", text);
            json.WriteString("source", $"{source.Package.Name}: {origin}");
            json.WriteEndObject();
            json.Flush();
            output.Write("\n"u8);
        }
        _results.Add(SourceResult.Of(source, kept.Count, kept.Sum(text => (long)Size(text.Text)), texts.Sum(text => (long)Size(text.Text)), found));
        Console.WriteLine($"{source.Domain,-12} {source.Package.Name,-48} {kept.Count,6} documents {kept.Sum(text => (long)Size(text.Text)) / 1e6,7:F2} MB of {texts.Sum(text => (long)Size(text.Text)) / 1e6,7:F2}");
    }

    // Documents are drawn by a hash of their text, so that a limit takes from everywhere, and stay in their order.
    static List<(string Origin, string Text)> Limited(List<(string Origin, string Text)> texts, double megabytes)
    {
        var room = megabytes * 1e6;
        var drawn = new HashSet<string>();
        foreach (var (origin, text) in texts.OrderBy(text => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text.Text))), StringComparer.Ordinal))
        {
            if ((room -= Size(text)) < 0)
                break;
            drawn.Add(origin);
        }
        return [.. texts.Where(text => drawn.Contains(text.Origin))];
    }

    static int Size(string text) => Encoding.UTF8.GetByteCount(text);
}
