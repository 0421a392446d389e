namespace Brickwork;

/// <summary>How a brick is written in a form that asks for its model.</summary>
public sealed record BrickSaveOptions
{
    /// <summary>What to do where the output already exists.</summary>
    public ExistingFiles Existing { get; init; } = ExistingFiles.Refuse;

    /// <summary>Whether the model may have another hash than the one the brick was made for, such as the same one after it was quantized.</summary>
    public bool AnyParent { get; init; }

    internal SaveOptions Plain => new() { Existing = Existing };
}
