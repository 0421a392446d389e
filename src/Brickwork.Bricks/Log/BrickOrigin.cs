using Brickwork.Formats.Log;

namespace Brickwork.Bricks.Log;

/// <summary>The files that a brick was opened from, as a log tells of them.</summary>
/// <param name="Brick">The file or folder itself.</param>
/// <param name="Model">The model that it was opened with; only PEFT folders need one.</param>
/// <param name="IsBrickFile">Whether it is a file of our own form.</param>
sealed record BrickOrigin(LoggedInput Brick, LanguageModel? Model, bool IsBrickFile)
{
    /// <summary>What the log says when it is written; null = that it was converted.</summary>
    public LoggedOperation? Operation { get; init; }

    public static BrickOrigin Of(string path, LanguageModel? model = null, bool isBrickFile = false) =>
        new(LoggedSource.OfFile("brick", path).Input, model, isBrickFile);
}
