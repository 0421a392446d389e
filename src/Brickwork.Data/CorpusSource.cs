namespace Brickwork;

/// <summary>Where a plain text is cut into documents.</summary>
public enum DocumentBoundary
{
    /// <summary>A file is a document.</summary>
    File,

    /// <summary>Documents stand between blank lines.</summary>
    BlankLine,

    /// <summary>A line is a document.</summary>
    Line,
}

/// <summary>How the bytes of a file are read where no byte order mark says so.</summary>
public enum TextEncoding
{
    /// <summary>UTF-8; anything else is an error that names the byte.</summary>
    Utf8,

    /// <summary>ISO 8859-1: every byte is a character.</summary>
    Latin1,
}

/// <summary>Texts of one kind: a file or a folder of txt, jsonl, json, csv or tsv, plain, gzipped or in a zip archive.</summary>
public sealed record CorpusSource
{
    /// <summary>What the texts are called; several sources may feed one domain.</summary>
    public required string Domain { get; init; }

    /// <summary>A file, or a folder that is read with all its subfolders in the order of names.</summary>
    public required string Path { get; init; }

    /// <summary>Where plain text is cut; the records of the other formats are documents as they are.</summary>
    public DocumentBoundary Boundary { get; init; }

    /// <summary>How bytes are read where no byte order mark says so.</summary>
    public TextEncoding Encoding { get; init; }

    /// <summary>How the fields of a record become its text, such as <c>{question}\n{answer}</c>; null takes the field <c>text</c>.</summary>
    public string? Template { get; init; }

    /// <summary>The longest document, in UTF-16 units; a longer text is cut where a line ends.</summary>
    public int LongestDocument { get; init; } = 1 << 20;

    /// <summary>A source whose domain is the name of the file or folder, without its endings.</summary>
    public static CorpusSource From(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var name = System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(path));
        var dot = name.IndexOf('.', 1);
        return new CorpusSource { Domain = dot > 0 && !Directory.Exists(path) ? name[..dot] : name, Path = path };
    }
}
