namespace Brickwork.Models.Loading;

/// <summary>The numbers of a checkpoint. What would make no model of any kind is refused here, so that families need not ask again.</summary>
sealed partial class ModelBuilder
{
    // More than any width, number of heads or number of experts, and small enough that two of them multiply to less than 2^63.
    const int MostOfAnything = 1 << 24;

    /// <summary>The layers that make the next token; those that guess the tokens after it are counted by files, but not run.</summary>
    public int Layers => field != 0 ? field : field = Blocks - Within("nextn_predict_layers", TryInt("nextn_predict_layers") ?? 0, 0, Blocks - 1);

    /// <summary>Values in a hidden row.</summary>
    public int Width => field != 0 ? field : field = Int("embedding_length");

    /// <summary>Tokens the model is to see at once.</summary>
    public int Context => options.Context ?? TrainedContext;

    /// <summary>Tokens the model was trained for.</summary>
    public int TrainedContext => TryInt("context_length") is { } context ? Within("context_length", context, 1, int.MaxValue) : 2048;

    public float Epsilon => TryFloat("attention.layer_norm_rms_epsilon") ?? 1e-5f;

    public float LayerEpsilon => TryFloat("attention.layer_norm_epsilon") ?? 1e-5f;

    /// <summary>The keys of this architecture: <c>llama.</c> + <paramref name="name"/>.</summary>
    public string Key(string name) => $"{Architecture}.{name}";

    /// <summary>A size that must be there: at least 1, and no more than the model has weights.</summary>
    public int Int(string name) => Required(name, TrySize(name));

    /// <summary>The same where it may be missing.</summary>
    public int? TrySize(string name) => TryInt(name) is { } size ? Within(name, size, 1, MostWeights) : null;

    /// <summary>A number that is not negative; an unsigned −1 is how some converters write "none".</summary>
    public int? TryInt(string name) => checkpoint.Metadata.TryInt(Key(name)) switch
    {
        null or -1 => null,
        { } number => Within(name, number, 0, int.MaxValue),
    };

    /// <summary>A size of one layer, or 0 where that layer has none of it: an array gives one for each layer, a plain number holds for all.</summary>
    public int? TryInt(string name, int layer)
    {
        if (checkpoint.Metadata.Find(Key(name)) is not { IsArray: true })
            return TryInt(name) is { } number ? Within(name, number, 0, MostWeights) : null;
        var each = checkpoint.Metadata.TryInts(Key(name))!;
        return layer < each.Length ? Within(name, each[layer], 0, MostWeights) : throw Faults.TooFewLayers(Key(name), Source, each.Length, Layers);
    }

    /// <summary>A number of one layer that must be there.</summary>
    public int Int(string name, int layer) => Required(name, TryInt(name, layer));

    public float? TryFloat(string name) => checkpoint.Metadata.TryFloat(Key(name)) switch
    {
        null => null,
        { } number => float.IsFinite(number) ? number : throw Faults.WrongValue(Key(name), Source, number, "a finite number"),
    };

    public bool? TryBool(string name) => checkpoint.Metadata.TryBool(Key(name));

    public string? TryText(string name) => checkpoint.Metadata.TryText(Key(name));

    /// <summary>Checks that a number of the file lies between two others, which count as inside.</summary>
    public int Within(string name, int number, int least, int most) => number >= least && number <= most
        ? number
        : throw Faults.WrongValue(Key(name), Source, number, most == int.MaxValue ? $"at least {least}" : $"{least} to {most}");

    /// <summary>Checks that a number of the file cuts another into equal parts.</summary>
    public int Divisor(string name, int divisor, int whole) => divisor >= 1 && whole % divisor == 0
        ? divisor
        : throw Faults.WrongValue(Key(name), Source, divisor, $"a divisor of {whole}");

    /// <summary>The layers that the file counts; every one has a tensor of its own at least.</summary>
    int Blocks => field != 0 ? field : field = Within("block_count", Required("block_count", TryInt("block_count")), 1, checkpoint.Tensors.Count);

    /// <summary>No size of a model exceeds the number of its weights, and so no list made by it exceeds its file.</summary>
    int MostWeights => field != 0 ? field : field = (int)Math.Clamp(checkpoint.Tensors.Sum(tensor => tensor.Shape.Count), 1, MostOfAnything);

    // The metadata's own message says what is missing.
    int Required(string name, int? number) => number ?? Within(name, checkpoint.Metadata.Int(Key(name)), 1, int.MaxValue);
}
