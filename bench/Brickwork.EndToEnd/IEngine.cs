namespace Brickwork.EndToEnd;

/// <summary>An engine that can be measured from outside.</summary>
interface IEngine
{
    string Name { get; }

    /// <summary>Tokens per second of reading a prompt and of writing after nothing; a count of 0 leaves that part out.</summary>
    /// <param name="model">The model file.</param>
    /// <param name="threads">Threads that work.</param>
    /// <param name="prompt">Tokens to read.</param>
    /// <param name="generate">Tokens to write.</param>
    /// <param name="limit">How long it may take.</param>
    /// <returns>Null where it was not done in time.</returns>
    (Measurement Prefill, Measurement Decode)? Speed(string model, int threads, int prompt, int generate, TimeSpan limit);

    /// <summary>Tokens per second of all texts together, for each number of texts written at once behind 128 tokens each.</summary>
    IReadOnlyDictionary<int, Measurement> Batch(string model, int threads, IReadOnlyList<int> sequences);

    /// <summary>Milliseconds of the whole program: start, load, read 16 tokens, choose one, end.</summary>
    Measurement FirstToken(string model, int threads);
}
