using System.Buffers.Binary;

namespace Brickwork.Formats.Llama2C;

/// <summary>The seven numbers at the start of a llama2.c file, in its legacy layout (version 0).</summary>
readonly record struct Llama2CHeader(int Width, int Hidden, int Layers, int Heads, int KeyValueHeads, int SignedVocabulary, int Context)
{
    public const int Bytes = 7 * sizeof(int);

    /// <summary>What newer llama2.c exports begin with ("ak42").</summary>
    public const uint NewerMagic = 0x616b3432;

    /// <summary>Tokens; the sign in the file says whether the head is tied to the embedding.</summary>
    public long Vocabulary => Math.Abs((long)SignedVocabulary);

    /// <summary>Whether the embedding is also the head.</summary>
    public bool IsTied => SignedVocabulary > 0;

    public int HeadWidth => Width / Heads;

    public int KeyValueWidth => HeadWidth * KeyValueHeads;

    /// <summary>Bytes that a file with this header has.</summary>
    public Int128 FileBytes
    {
        get
        {
            Int128 width = Width, layers = Layers;
            var embedding = Vocabulary * width;
            var layer = 2 * width + 2 * width * width + 2 * width * KeyValueWidth + 3 * width * Hidden;
            var unusedRotations = (Int128)Context * HeadWidth;
            var floats = embedding + layers * layer + width + unusedRotations + (IsTied ? 0 : embedding);
            return Bytes + sizeof(float) * floats;
        }
    }

    /// <summary>What is wrong with the numbers, or null.</summary>
    public string? Fault => this switch
    {
        { Width: < 1 } or { Hidden: < 1 } or { Layers: < 1 } or { Heads: < 1 } or { KeyValueHeads: < 1 } or { Context: < 1 } or { SignedVocabulary: 0 } =>
            "every number has to be positive",
        _ when Width % Heads != 0 || HeadWidth % 2 != 0 => "the width has to be a multiple of twice the heads",
        _ when Heads % KeyValueHeads != 0 => "the heads have to be a multiple of the key and value heads",
        _ => null,
    };

    /// <param name="bytes">At least <see cref="Bytes"/>.</param>
    public static Llama2CHeader Read(ReadOnlySpan<byte> bytes) =>
        new(At(bytes, 0), At(bytes, 1), At(bytes, 2), At(bytes, 3), At(bytes, 4), At(bytes, 5), At(bytes, 6));

    public override string ToString() =>
        $"width {Width}, hidden {Hidden}, layers {Layers}, heads {Heads}, key and value heads {KeyValueHeads}, vocabulary {SignedVocabulary}, context {Context}";

    static int At(ReadOnlySpan<byte> bytes, int index) => BinaryPrimitives.ReadInt32LittleEndian(bytes[(index * sizeof(int))..]);
}
