using System.Runtime.CompilerServices;
using System.Text;
using Brickwork.Inference.Chat;
using Brickwork.Inference.Generation;

namespace Brickwork;

/// <summary>A conversation with a model. The model remembers what it has read; only what is new is read again.</summary>
/// <remarks>
/// When the conversation outgrows the context, the oldest questions and answers (never the system text) are dropped before the next question
/// until a quarter of the context is free; <see cref="DroppedTurns"/> counts them. One question at a time.
/// </remarks>
public sealed class ChatSession : IDisposable, IAsyncDisposable
{
    readonly LanguageModel _model;
    readonly GenerationOptions _options;
    readonly TurnWriter _writer;
    readonly ChatHistory _history;
    int _busy;

    internal ChatSession(LanguageModel model, string? system, GenerationOptions options, RunnerOptions? runner)
    {
        _model = model;
        _options = options;
        _history = new ChatHistory(system);
        _writer = new TurnWriter(model, options, runner, null);
    }

    /// <summary>What was said, oldest first; what was dropped is missing.</summary>
    public IReadOnlyList<ChatTurn> Turns => _history.Turns;

    /// <summary>How many turns were dropped because the conversation outgrew the context.</summary>
    public int DroppedTurns => _history.Dropped;

    /// <summary>How the last answer ended; null before the first.</summary>
    public GenerationEnd? LastEnd { get; private set; }

    /// <summary>Tokens the conversation may hold.</summary>
    public int Context => _writer.Context;

    /// <summary>Tokens the model remembers now.</summary>
    public int Length => _writer.Sequence.Length;

    /// <summary>Asks, and gives the answer as it comes; the maths runs on a thread of its own.</summary>
    /// <remarks>An answer that is cancelled, or no longer listened to, stays in the conversation as far as it came.</remarks>
    /// <exception cref="PromptTooLongException">The question alone does not fit the context.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public async IAsyncEnumerable<string> AskAsync(
        string question, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await foreach (var piece in BackgroundStream.Run(stop => Ask(question, stop), cancellation).ConfigureAwait(false))
            if (piece.Text.Length > 0)
                yield return piece.Text;
    }

    /// <summary>Asks, and gives the answer step by step on the caller's thread; cancelling ends the answer.</summary>
    /// <inheritdoc cref="AskAsync"/>
    public IEnumerable<GeneratedPiece> Ask(string question, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(question);
        if (Interlocked.Exchange(ref _busy, 1) != 0)
            throw new InvalidOperationException("The session is answering another question; read that answer to its end first.");
        var answer = new StringBuilder();
        try
        {
            var prompt = _history.Ask(question, _writer.Encode, Context);
            foreach (var piece in _writer.Write(prompt, OptionsOfThisAnswer(), cancellation))
            {
                answer.Append(piece.Text);
                LastEnd = piece.End ?? LastEnd;
                yield return piece;
            }
        }
        finally
        {
            if (answer.Length > 0)
                _history.Add(question, answer.ToString());
            Volatile.Write(ref _busy, 0);
        }
    }

    /// <summary>Forgets everything but the system text.</summary>
    public void Reset()
    {
        _history.Clear();
        _writer.Clear();
        LastEnd = null;
    }

    /// <summary>Writes the conversation and the model's memory of it, so that loading continues identically.</summary>
    /// <exception cref="IOException">The file cannot be written; an older file of that name is left as it was.</exception>
    public void Save(string path) => ChatFile.Save(path, _model.Fingerprint, _history, _writer.Sequence);

    /// <summary>Goes on with a conversation that <see cref="Save"/> wrote, in place of this one.</summary>
    /// <exception cref="CheckpointException">The file is damaged or belongs to another model; this conversation stays as it was.</exception>
    public void Load(string path) => ChatFile.Load(path, _model.Fingerprint, _history, _writer);

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    // With one seed for all, the same question would get the same dice every time.
    GenerationOptions OptionsOfThisAnswer() =>
        _options with { Sampling = _options.Sampling with { Seed = unchecked(_options.Sampling.Seed + _history.Asked) } };
}
