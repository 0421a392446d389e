using Brickwork.Formats.Log;

namespace Brickwork.Bricks.Log;

/// <summary>The files that a brick was opened from, as a log tells of them.</summary>
/// <param name="Brick">The file or folder itself.</param>
/// <param name="Model">The model that it was opened with; only PEFT folders need one.</param>
/// <param name="IsBrickFile">Whether it is a file of our own form.</param>
sealed record BrickOrigin(LoggedInput Brick, LanguageModel? Model, bool IsBrickFile)
{
    /// <summary>The family of the model it is for, where the file says so.</summary>
    public string? Family { get; init; }

    /// <summary>Layers of that model, where the file says so.</summary>
    public int? Layers { get; init; }

    /// <summary>The terms that were given to it since; null = those of the file.</summary>
    public string? Licence { get; init; }

    /// <summary>The storage types that it was brought to since, in turn.</summary>
    public IReadOnlyList<DType> Types { get; init; } = [];

    /// <summary>Whether it is not what is in the files any more.</summary>
    public bool IsChanged => Licence is not null || Types.Count > 0;

    /// <summary>What the log says when it is written; null = that it was converted.</summary>
    public LoggedOperation? Operation { get; init; }

    public static BrickOrigin Of(string path, LanguageModel? model = null, bool isBrickFile = false) =>
        new(LoggedSource.OfFile("brick", path).Input, model, isBrickFile);
}
