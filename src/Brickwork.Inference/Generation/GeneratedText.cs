namespace Brickwork;

/// <summary>A finished generation.</summary>
/// <param name="Text">The text, without the prompt and without a stop string.</param>
/// <param name="Pieces">The steps, in order.</param>
/// <param name="End">How it ended.</param>
public sealed record GeneratedText(string Text, IReadOnlyList<GeneratedPiece> Pieces, GenerationEnd End)
{
    /// <summary>The generated tokens, without a closing end token; those that spell a stop string included.</summary>
    public IReadOnlyList<int> Ids { get; } = [.. Pieces.Where(piece => piece.Id is not null).Select(piece => piece.Id!.Value)];

    internal static GeneratedText From(IReadOnlyList<GeneratedPiece> pieces) =>
        new(string.Concat(pieces.Select(piece => piece.Text)), pieces, pieces[^1].End!);
}
