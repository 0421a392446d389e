namespace Brickwork.Models.Loading;

/// <summary>A checkpoint that several models look into; its files close when the last of them is disposed.</summary>
sealed class SharedCheckpoint : IDisposable
{
    readonly Counter _users;
    bool _disposed;

    public SharedCheckpoint(Checkpoint checkpoint)
    {
        Checkpoint = checkpoint;
        // A tokenizer.json may say more than GGUF's words can.
        Tokenizer = (checkpoint as HuggingFaceCheckpoint)?.Tokenizer ?? TokenizerOf(checkpoint);
        ChatTemplate = checkpoint.Metadata.TryText("tokenizer.chat_template") is { } source ? ChatTemplate.Parse(source) : null;
        Fingerprint = Loading.Fingerprint.Of(checkpoint);
        _users = new Counter();
    }

    SharedCheckpoint(SharedCheckpoint other)
    {
        (Checkpoint, Tokenizer, ChatTemplate, Fingerprint, _users) = (other.Checkpoint, other.Tokenizer, other.ChatTemplate, other.Fingerprint, other._users);
        Interlocked.Increment(ref _users.Count);
    }

    public Checkpoint Checkpoint { get; }

    public Tokenizer Tokenizer { get; }

    public ChatTemplate? ChatTemplate { get; }

    public string Fingerprint { get; }

    // The tokenizer's own messages do not know the file.
    static Tokenizer TokenizerOf(Checkpoint checkpoint)
    {
        var definition = GgufTokenizer.Read(checkpoint.Metadata);
        try
        {
            return Tokenizer.Create(definition);
        }
        catch (CheckpointException fault)
        {
            throw new CheckpointException($"{checkpoint.Source}: {fault.Message}", fault.NextStep, fault);
        }
        catch (UnsupportedModelException fault)
        {
            throw new UnsupportedModelException($"{checkpoint.Source}: {fault.Message}", fault.NextStep, fault);
        }
    }

    /// <summary>Something that closes with the files.</summary>
    public void Keep(IDisposable? companion) => _users.Companion = companion;

    public SharedCheckpoint Share()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return new SharedCheckpoint(this);
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        if (Interlocked.Decrement(ref _users.Count) != 0)
            return;
        Checkpoint.Dispose();
        _users.Companion?.Dispose();
    }

    sealed class Counter
    {
        public int Count = 1;
        public IDisposable? Companion;
    }
}
