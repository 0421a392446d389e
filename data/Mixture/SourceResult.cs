namespace Brickwork.Mixture;

/// <summary>What a source gave, or the hash of a whole domain; <c>Found</c> is what it could have given without a limit, <c>Duplicates</c> counts all sources up to here.</summary>
sealed record SourceResult(string Domain, string Package, int Documents, long Bytes, long Found, int Duplicates, string Rule, string Licence, string? Hash)
{
    public static SourceResult Of(TextSource source, int documents, long bytes, long found, int duplicates) =>
        new(source.Domain, source.Package.Name, documents, bytes, found, duplicates, source.Document, source.Licence, null);

    public static SourceResult OfDomain(string domain, string hash) => new(domain, "", 0, 0, 0, 0, "", "", hash);
}
