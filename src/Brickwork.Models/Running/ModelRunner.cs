using Brickwork.Models.Cache;
using Brickwork.Models.Running;
using Brickwork.Models.Slots;
using Brickwork.Tensors.Storage;

namespace Brickwork;

/// <summary>Runs a model over batches of sequences. Owns scratch memory and the pages of the key/value cache. One thread at a time.</summary>
public sealed class ModelRunner : IDisposable
{
    readonly LanguageModel _model;
    readonly Arena _arena = new();
    readonly Arena _lasting = new();
    readonly PagePool _pages;
    readonly StateFactory _factory;
    readonly int _chunkRows;
    readonly bool _hidden;
    Tensor _output;

    internal ModelRunner(LanguageModel model, RunnerOptions options)
    {
        _model = model;
        Context = Math.Min(options.Context ?? model.Config.Context, LearnedPositions(model.Decoder) ?? int.MaxValue);
        _pages = new PagePool(options.CacheBytes ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2);
        _factory = new StateFactory(_pages, options.CacheType);
        _hidden = options.Output == RunnerOutput.Hidden || model.Decoder.Head is null;
        _chunkRows = model.Decoder.States.LooksAhead ? int.MaxValue : Math.Max(1, options.ChunkRows);
    }

    /// <summary>Tokens a sequence may hold.</summary>
    public int Context { get; }

    internal int Vocabulary => _model.Config.Vocabulary;

    internal string Fingerprint => _model.Fingerprint;

    /// <summary>A sequence that has not begun.</summary>
    public Sequence StartSequence() => new(this, _model.Decoder.States.Create(_factory));

    /// <summary>A sequence that <see cref="Sequence.Save"/> wrote.</summary>
    /// <exception cref="CheckpointException">The data is damaged or belongs to another model.</exception>
    public Sequence LoadSequence(Stream stream)
    {
        var sequence = StartSequence();
        try
        {
            SequenceFile.Read(stream, sequence);
            return sequence;
        }
        catch
        {
            sequence.Dispose();
            throw;
        }
    }

    /// <summary>Feeds every sequence of the batch its next tokens.</summary>
    /// <remarks>Where that fails, the sequences are as before, or empty where the model cannot go back.</remarks>
    /// <returns>Logits [N, V] of the rows asked for, in batch order (hidden values [N, D] of a model without head). Valid until the next call.</returns>
    /// <exception cref="ArgumentException">A token that is not in the vocabulary, or a sequence of another runner.</exception>
    /// <exception cref="CheckpointException">The result is not made of numbers, because the model's weights are not.</exception>
    /// <exception cref="ContextFullException">A sequence would grow beyond <see cref="Context"/>. Nothing was fed.</exception>
    public Tensor Forward(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        Check(batch);
        var wanted = batch.Items.Sum(item => item.Rows switch { LogitRows.All => item.Tokens.Length, LogitRows.Last => 1, _ => 0 });
        var width = _hidden ? _model.Config.Width : _model.Config.Vocabulary;
        if (_output.Shape.Rank != 2 || _output.Rows < wanted)
            _output = Tensor.Zeros(wanted, width);
        var lengths = batch.Items.Select(item => item.Sequence.Length).ToList();
        try
        {
            var done = 0;
            foreach (var rows in Chunks(batch))
                done += RunChunk(rows, done);
        }
        catch
        {
            foreach (var (item, length) in batch.Items.Zip(lengths))
                item.Sequence.TryTruncate(length);
            throw;
        }
        return _output.SliceRows(0, wanted);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _arena.Dispose();
        _lasting.Dispose();
        _pages.Dispose();
    }

    int RunChunk(RowLayout rows, int done)
    {
        using var scope = _arena.Mark();
        using var lasting = _lasting.Mark();
        var context = new ForwardContext(_model.Compute, _arena, _lasting, _model.Decoder.States, rows);
        Tensor result;
        lock (_model.Compute)
            result = _hidden ? _model.Decoder.Hidden(context) : _model.Decoder.Forward(context);
        for (var row = 0; row < rows.OutputRows.Length; row++)
        {
            if (!OutputCheck.IsFinite(result.Row(row)))
                throw OutputCheck.Explain(_model.Checkpoint);
            result.Row(row).CopyTo(_output.Row(done + row));
        }
        foreach (var segment in rows.Segments)
            segment.Sequence.Append(rows.Tokens.AsSpan(segment.FirstRow, segment.Count));
        return rows.OutputRows.Length;
    }

    static int? LearnedPositions(Decoder decoder) =>
        PartTree.Walk(decoder.Embedding).Select(slot => slot.Part).Prepend(decoder.Embedding).OfType<Models.Parts.Embedding>().Min(part => part.MaxPosition);

    void Check(Batch batch)
    {
        foreach (var (sequence, tokens, _) in batch.Items)
        {
            if (!ReferenceEquals(sequence.Runner, this))
                throw new ArgumentException("The sequence was started by another runner.", nameof(batch));
            foreach (var token in tokens)
                if ((uint)token >= (uint)_model.Config.Vocabulary)
                    throw new ArgumentException($"Token {token} is not in the vocabulary of {_model.Config.Vocabulary}.", nameof(batch));
            if (sequence.Length + (long)tokens.Length > Context)
                throw new ContextFullException(sequence.Length, tokens.Length, Context);
        }
    }

    IEnumerable<RowLayout> Chunks(Batch batch)
    {
        var chunk = new ChunkBuilder(_chunkRows);
        foreach (var item in batch.Items)
            for (var fed = 0; fed < item.Tokens.Length;)
            {
                fed += chunk.Take(item, fed, item.Sequence.Length);
                if (chunk.IsFull)
                    yield return chunk.Finish();
            }
        if (!chunk.IsEmpty)
            yield return chunk.Finish();
    }
}
