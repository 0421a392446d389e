using Brickwork.Data.Duplicates;

namespace Brickwork;

/// <summary>A document that was taken out because an earlier one says nearly the same.</summary>
/// <param name="Domain">Its domain.</param>
/// <param name="Origin">Where it stands.</param>
/// <param name="KeptOrigin">Where the earlier one stands.</param>
/// <param name="Similarity">The estimated Jaccard similarity.</param>
/// <param name="Characters">Its length, in UTF-16 units.</param>
public readonly record struct NearDuplicate(string Domain, string Origin, string KeptOrigin, double Similarity, int Characters);

/// <summary>Finds documents that say nearly the same as an earlier one, by MinHash signatures cut into bands.</summary>
/// <remarks>Broder 1997; Leskovec, Rajaraman, Ullman 2014, §3.4. Memory: a signature (256 bytes by default) for each document that is kept.</remarks>
/// <param name="options">When two documents count as the same.</param>
public sealed class NearDuplicates(DuplicateOptions options)
{
    readonly DuplicateOptions _options = Checked(options);
    readonly MinHash _hash = new(options.Bands * options.Rows, options.ShingleWords, options.Seed);
    readonly Dictionary<(int Band, ulong Key), int> _bands = [];
    readonly List<uint[]> _signatures = [];
    readonly List<string> _origins = [];
    readonly List<NearDuplicate> _found = [];

    /// <summary>What <see cref="IsNew"/> refused, in order.</summary>
    public IReadOnlyList<NearDuplicate> Found => _found;

    /// <summary>Whether no earlier document is nearly the same; it is remembered if so.</summary>
    public bool IsNew(CorpusDocument document)
    {
        var signature = new uint[_options.Bands * _options.Rows];
        _hash.Run(document.Text, signature);
        for (var band = 0; band < _options.Bands; band++)
        {
            if (_bands.TryGetValue((band, Key(signature, band)), out var earlier) && Similarity(signature, _signatures[earlier]) is var similarity && similarity >= _options.Threshold)
            {
                _found.Add(new NearDuplicate(document.Domain, document.Origin, _origins[earlier], similarity, document.Text.Length));
                return false;
            }
        }
        for (var band = 0; band < _options.Bands; band++)
            _bands.TryAdd((band, Key(signature, band)), _signatures.Count);
        _signatures.Add(signature);
        _origins.Add(document.Origin);
        return true;
    }

    ulong Key(uint[] signature, int band)
    {
        var key = 0ul;
        foreach (var number in signature.AsSpan(band * _options.Rows, _options.Rows))
            key = (key ^ number) * 0x9E3779B97F4A7C15UL + 1;
        return key;
    }

    static double Similarity(uint[] first, uint[] second)
    {
        var equal = 0;
        for (var i = 0; i < first.Length; i++)
            equal += first[i] == second[i] ? 1 : 0;
        return (double)equal / first.Length;
    }

    static DuplicateOptions Checked(DuplicateOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        return options;
    }
}
