using System.Diagnostics.CodeAnalysis;

namespace Brickwork.Tokenizers;

/// <summary>The faults a tokenizer's files can have.</summary>
static class Faults
{
    const string ConvertAgain = "Convert the model again, or take its tokenizer from the place the model was published.";

    public static CheckpointException Tokenizer(string message) => new($"The tokenizer cannot be built: {message}", ConvertAgain);

    public static UnsupportedModelException Unsupported(string what, string known) => new(
        $"The tokenizer asks for {what}, which this version does not have.", $"Known: {known}.");

    [DoesNotReturn]
    public static void NoTokenForByte(byte value) => throw new CheckpointException(
        $"The text holds the byte 0x{value:X2}, for which the vocabulary has neither a token nor an unknown token.", ConvertAgain);

    [DoesNotReturn]
    public static void NoSuchToken(int id, int count) => throw new ArgumentOutOfRangeException(
        nameof(id), id, $"The vocabulary has the ids 0 to {count - 1}.");
}
