namespace Brickwork.EndToEnd;

/// <summary>One number of one engine, and the part of the processors that it got meanwhile; null where nobody looked.</summary>
readonly record struct Measurement(double Value, double? Share);
