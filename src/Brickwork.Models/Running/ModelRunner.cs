using System.Diagnostics;
using Brickwork.Kernels.Attention;
using Brickwork.Models.Cache;
using Brickwork.Models.Cache.Eviction;
using Brickwork.Models.Parts.Adapters;
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
    readonly ForwardContext _context;
    readonly Batch _single = new();
    readonly List<int> _lengths = [];
    readonly PagePool _pages;
    readonly StateFactory _factory;
    readonly int _chunkRows;
    readonly bool _hidden;
    readonly BrickStrengths? _bricks;
    readonly IReadOnlyList<VirtualRows> _virtual;
    Tensor _output;

    internal ModelRunner(LanguageModel model, RunnerOptions options)
    {
        _model = model;
        _context = new ForwardContext(model.Compute, _arena, _lasting, model.Decoder.States);
        _virtual = VirtualTokens.Of(model.Decoder);
        Context = VirtualTokens.RequireRoom(_virtual, Math.Min(options.Context ?? model.Config.Context, LearnedPositions(model.Decoder) ?? int.MaxValue));
        Eviction = EvictionCheck.Fit(model, options.Eviction, Context);
        if (Eviction is { IsEndless: true })
            Context = int.MaxValue;
        var memory = ContextMemory.Of(model.Config, options);
        _pages = new PagePool(memory.LimitBytes);
        _factory = new StateFactory(_pages, options.CacheType, Eviction);
        _bricks = PluggedBricks.Check(model.Decoder, options.Bricks);
        _hidden = options.Output == RunnerOutput.Hidden || model.Decoder.Head is null;
        // A window is held beside the rows fed at once, so that few of them keep it small.
        var most = Eviction is { IsEndless: true } ? KeyValuePage.Positions : int.MaxValue;
        _chunkRows = model.Decoder.States.LooksAhead ? int.MaxValue : Math.Clamp(options.ChunkRows, 1, most);
        // Only a context that somebody asked for is a promise; a trained one is as long as its text becomes.
        if ((options.Context ?? model.AskedContext) is null)
            return;
        using var sequence = StartSequence();
        memory.Require(sequence.States, Context, _chunkRows);
    }

    /// <summary>Tokens a sequence may hold; without limit under <see cref="StreamingEviction"/>.</summary>
    public int Context { get; }

    /// <summary>What is given up, with the budget held within the model's context.</summary>
    internal EvictionPolicy? Eviction { get; }

    internal int Vocabulary => _model.Config.Vocabulary;

    internal string Fingerprint => _model.Fingerprint + PluggedBricks.Mark(_model.Decoder);

    /// <summary>A sequence that has not begun, under the strengths that the runner was made with.</summary>
    public Sequence StartSequence() => new(this, _model.Decoder.States.Create(_factory), _bricks);

    /// <summary>A sequence that has not begun, under strengths of its own. Sequences under other strengths may share a batch.</summary>
    /// <exception cref="RecipeException">No such brick is plugged into the model, or it knows no such strength.</exception>
    public Sequence StartSequence(BrickStrengths bricks) => new(this, _model.Decoder.States.Create(_factory), PluggedBricks.Check(_model.Decoder, bricks));

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
        var wanted = 0;
        _lengths.Clear();
        foreach (ref readonly var item in batch.Items)
        {
            wanted += item.Outputs;
            _lengths.Add(item.Sequence.Length);
        }
        MakeRoom(wanted);
        try
        {
            RunChunks(batch);
            foreach (ref readonly var item in batch.Items)
                item.Sequence.IsAmidPrompt = item.Rows == LogitRows.None;
        }
        catch
        {
            for (var index = 0; index < _lengths.Count; index++)
                batch.Items[index].Sequence.TryTruncate(_lengths[index]);
            throw;
        }
        finally
        {
            _context.Clear();
        }
        return _output.SliceRows(0, wanted);
    }

    /// <summary>Feeds one sequence its next tokens: a batch of one.</summary>
    /// <returns>Logits [N, V] of the rows asked for (hidden values [N, D] of a model without head). Valid until the next call.</returns>
    /// <inheritdoc cref="Forward(Batch)"/>
    public Tensor Forward(Sequence sequence, ReadOnlySpan<int> tokens, LogitRows rows = LogitRows.Last)
    {
        _single.Clear();
        return Forward(_single.Add(sequence, tokens, rows));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _arena.Dispose();
        _lasting.Dispose();
        _pages.Dispose();
    }

    void RunChunks(Batch batch)
    {
        RunVirtual(batch);
        var (rows, done) = (_context.Rows, 0);
        foreach (ref readonly var item in batch.Items)
            for (var tokens = batch.TokensOf(item); !tokens.IsEmpty;)
            {
                tokens = tokens[rows.Take(item, tokens, _chunkRows)..];
                if (rows.Count >= _chunkRows || !tokens.IsEmpty)
                    done += RunChunk(done);
            }
        if (rows.Count > 0)
            RunChunk(done);
    }

    /// <summary>Feeds what bricks put before texts that begin now.</summary>
    void RunVirtual(Batch batch)
    {
        if (_virtual.Count == 0)
            return;
        var rows = _context.Rows;
        foreach (ref readonly var item in batch.Items)
            if (item.Sequence is { Position: 0 } sequence && VirtualCount(sequence) > 0)
                rows.TakeVirtual(sequence, Before(sequence));
        if (rows.Count == 0)
            return;
        using var scope = _arena.Mark();
        using var lasting = _lasting.Mark();
        RunDecoder(rows.Count);
        foreach (ref readonly var segment in rows.Segments)
            segment.Sequence.VirtualCount = segment.Count;
        _context.Clear();
    }

    /// <summary>The bricks that put tokens before a text.</summary>
    IEnumerable<VirtualRows> Before(Sequence sequence) => _virtual.Where(brick => (sequence.Bricks?.Of(brick.Brick) ?? brick.Strength) != 0);

    /// <summary>How many tokens bricks put before a text.</summary>
    internal int VirtualCount(Sequence sequence) => Before(sequence).Sum(brick => brick.Values.Rows);

    int RunChunk(int done)
    {
        using var scope = _arena.Mark();
        using var lasting = _lasting.Mark();
        var rows = _context.Rows;
        var result = RunDecoder(rows.Count);
        var outputs = rows.OutputRows.Length;
        for (var row = 0; row < outputs; row++)
        {
            if (!OutputCheck.IsFinite(result.Row(row)))
                throw OutputCheck.Explain(_model.Checkpoint);
            result.Row(row).CopyTo(_output.Row(done + row));
        }
        foreach (ref readonly var segment in rows.Segments)
            segment.Sequence.Append(rows.Tokens.Slice(segment.FirstRow, segment.Count));
        _context.Clear();
        return outputs;
    }

    Tensor RunDecoder(int rows)
    {
        var compute = _model.Compute;
        lock (compute)
        {
            compute.Team.Limit = compute.Pace.Choose(rows);
            var start = Stopwatch.GetTimestamp();
            var result = _hidden ? _model.Decoder.Hidden(_context) : _model.Decoder.Forward(_context);
            compute.Pace.Learn(rows, Stopwatch.GetTimestamp() - start);
            return result;
        }
    }

    void MakeRoom(int outputs)
    {
        if (_output.Shape.Rank != 2 || _output.Rows < outputs)
            _output = Tensor.Zeros(outputs, _hidden ? _model.Config.Width : _model.Config.Vocabulary);
    }

    internal static int? LearnedPositions(Decoder decoder) =>
        PartTree.Walk(decoder.Embedding).Select(slot => slot.Part).Prepend(decoder.Embedding).OfType<Models.Parts.Embedding>().Min(part => part.MaxPosition);

    void Check(Batch batch)
    {
        foreach (ref readonly var item in batch.Items)
        {
            if (!ReferenceEquals(item.Sequence.Runner, this))
                throw new ArgumentException("The sequence was started by another runner.", nameof(batch));
            foreach (var token in batch.TokensOf(item))
                if ((uint)token >= (uint)_model.Config.Vocabulary)
                    throw new ArgumentException($"Token {token} is not in the vocabulary of {_model.Config.Vocabulary}.", nameof(batch));
            if (item.Sequence.Length + (long)item.Count > Context)
                throw new ContextFullException(item.Sequence.Length, item.Count, Context);
        }
    }
}
