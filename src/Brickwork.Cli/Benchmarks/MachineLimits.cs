namespace Brickwork.Cli.Benchmarks;

/// <summary>What that many threads of this machine reach at best when they do nothing else, in 10^9 per second.</summary>
/// <param name="Threads">How many threads.</param>
/// <param name="ReadGigabytes">Bytes read from memory.</param>
/// <param name="Gigaflops">F32 multiplications and additions.</param>
/// <param name="ByteGigaops">The same of bytes; null where no kernel multiplies bytes.</param>
sealed record MachineLimits(int Threads, double ReadGigabytes, double Gigaflops, double? ByteGigaops);
