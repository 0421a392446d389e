namespace Brickwork.Formats.Writing;

/// <summary>Writes pieces of a file that several threads make: while one thread writes, the others leave their pieces to it and make the next ones.</summary>
/// <remarks>The system lets one thread at a time write to a file and has the others wait with a busy loop.</remarks>
sealed class SharedWriter(AtomicFile file)
{
    /// <summary>Pieces that wait at most; who makes more waits itself.</summary>
    const int MostWaiting = 8;

    readonly Lock _writing = new();
    readonly Lock _line = new();
    readonly Queue<(byte[] Memory, int Length, long Offset)> _waiting = new();
    readonly Stack<byte[]> _free = new();

    /// <summary>Writes a piece, or leaves it to the thread that is writing.</summary>
    /// <exception cref="CheckpointException">The system refuses this piece or one of another thread.</exception>
    public void Write(ReadOnlySpan<byte> bytes, long offset)
    {
        if (_writing.TryEnter())
            WriteOwn(bytes, offset);
        else if (TryLeave(bytes, offset))
            WriteLeft();
        else
        {
            _writing.Enter();
            WriteOwn(bytes, offset);
        }
    }

    /// <summary>Writes what was left by threads that have gone.</summary>
    /// <exception cref="CheckpointException">The system refuses.</exception>
    public void Complete() => WriteLeft();

    void WriteOwn(ReadOnlySpan<byte> bytes, long offset)
    {
        try
        {
            file.Write(bytes, offset);
        }
        finally
        {
            _writing.Exit();
        }
        WriteLeft();
    }

    /// <summary>Writes what waits, unless another thread does.</summary>
    void WriteLeft()
    {
        // Whoever leaves a piece looks here afterwards, so that none stays behind when the writer has just gone.
        while (HasWaiting() && _writing.TryEnter())
            try
            {
                while (TryTake(out var piece))
                {
                    file.Write(piece.Memory.AsSpan(0, piece.Length), piece.Offset);
                    lock (_line)
                        _free.Push(piece.Memory);
                }
            }
            finally
            {
                _writing.Exit();
            }
    }

    bool HasWaiting()
    {
        lock (_line)
            return _waiting.Count > 0;
    }

    bool TryLeave(ReadOnlySpan<byte> bytes, long offset)
    {
        lock (_line)
        {
            if (_waiting.Count >= MostWaiting)
                return false;
            var memory = _free.TryPop(out var free) && free.Length >= bytes.Length ? free : new byte[bytes.Length];
            bytes.CopyTo(memory);
            _waiting.Enqueue((memory, bytes.Length, offset));
            return true;
        }
    }

    bool TryTake(out (byte[] Memory, int Length, long Offset) piece)
    {
        lock (_line)
            return _waiting.TryDequeue(out piece);
    }
}
