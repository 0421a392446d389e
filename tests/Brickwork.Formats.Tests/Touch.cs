namespace Brickwork.Formats.Tests;

/// <summary>Reads the first and last byte of what a checkpoint hands out: a wrong address crashes here, not in a user's process.</summary>
static class Touch
{
    public static int Ends(Tensor tensor)
    {
        if (tensor.Rows == 0)
            return 0;
        return tensor.RowSpan(0, 1)[0] + tensor.RowSpan(tensor.Rows - 1, 1)[^1];
    }

    public static int Everything(Checkpoint checkpoint)
    {
        var sum = 0;
        foreach (var (key, value) in checkpoint.Metadata)
            sum += key.Length + (value.Value is Array array ? array.Length : 1);
        foreach (var tensor in checkpoint.Tensors)
            sum += Ends(checkpoint.Open(tensor.Name));
        return sum;
    }
}
