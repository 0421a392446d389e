namespace Brickwork.Tensors.Storage;

/// <summary>Scratch memory of one forward pass: tensors are taken in order and given back together.</summary>
/// <remarks>Not thread safe. Contents are not cleared. Grows by whole blocks, so tensors never move.</remarks>
sealed class Arena : IDisposable
{
    const long SmallestBlock = 1 << 20;
    const long Alignment = 64;
    readonly List<NativeStorage> _blocks = [];
    readonly List<long> _ends = [];
    int _block;
    long _used;

    /// <summary>A tensor of F32 with unspecified contents.</summary>
    public Tensor Take(params ReadOnlySpan<long> dimensions)
    {
        var shape = new Shape(dimensions);
        var bytes = (checked(shape.Count * sizeof(float)) + Alignment - 1) / Alignment * Alignment;
        while (_block < _blocks.Count && _used + bytes > _blocks[_block].Length)
        {
            _ends[_block++] = _used;
            _used = 0;
        }
        if (_block == _blocks.Count)
        {
            _blocks.Add(new NativeStorage(Math.Max(bytes, SmallestBlock << Math.Min(_blocks.Count, 6))));
            _ends.Add(0);
        }
        var tensor = new Tensor(_blocks[_block], _used, DType.F32, shape);
        _used += bytes;
        return tensor;
    }

    /// <summary>Gives back, when disposed, all that was taken since.</summary>
    public Scope Mark() => new(this, _block, _used);

    /// <summary>The memory that was taken since a mark, block by block.</summary>
    public IEnumerable<(NativeStorage Block, long From, long To)> Since(Scope mark)
    {
        for (var block = mark.Block; block < _blocks.Count && block <= _block; block++)
            yield return (_blocks[block], block == mark.Block ? mark.Used : 0, block == _block ? _used : _ends[block]);
    }

    public void Dispose()
    {
        foreach (var block in _blocks)
            block.Dispose();
        _blocks.Clear();
    }

    /// <summary>A mark to return to.</summary>
    /// <remarks>The default one gives nothing back.</remarks>
    public readonly struct Scope(Arena arena, int block, long used) : IDisposable
    {
        public int Block => block;

        public long Used => used;

        public void Dispose()
        {
            if (arena is null)
                return;
            arena._block = block;
            arena._used = used;
        }
    }
}
