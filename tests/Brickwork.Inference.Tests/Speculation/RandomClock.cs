namespace Brickwork.Inference.Tests.Speculation;

/// <summary>A clock that runs now fast, now slowly: what is measured by it is noise.</summary>
sealed class RandomClock(int seed) : TimeProvider
{
    readonly SeededRandom _random = new(seed);
    long _now;

    public override long TimestampFrequency => 1000;

    public override long GetTimestamp() => _now += 1 + _random.NextInt32(30);
}
