using System.Text.Json.Nodes;

namespace Brickwork.Models.HuggingFace.Settings;

/// <summary>Entries of config.json and what they are in metadata.</summary>
abstract record Setting
{
    /// <summary>From config.json to metadata.</summary>
    /// <exception cref="CheckpointException">An entry is missing, or no sensible value.</exception>
    /// <exception cref="UnsupportedModelException">An entry asks for what this version does not have.</exception>
    public abstract void Read(ConfigSource config, CanonicalModel model);

    /// <summary>From metadata to config.json.</summary>
    public abstract void Write(CanonicalModel model, JsonObject config);
}

/// <summary>A whole number.</summary>
/// <param name="Name">Its name in config.json.</param>
/// <param name="Key">Its name in metadata, without the architecture.</param>
sealed record Size(string Name, string Key) : Setting
{
    /// <summary>What a missing entry means; null = it may not be missing.</summary>
    public int? Default { get; init; }

    /// <summary>A number in metadata that a missing entry is equal to.</summary>
    public string? DefaultKey { get; init; }

    /// <summary>Whether the metadata may lack it as well.</summary>
    public bool IsOptional { get; init; }

    /// <summary>The smallest number that makes sense.</summary>
    public int Least { get; init; } = 1;

    /// <summary>Older names of the entry.</summary>
    public IReadOnlyList<string> Also { get; init; } = [];

    public override void Read(ConfigSource config, CanonicalModel model)
    {
        var found = config.TryInt(Name) ?? Also.Select(config.TryInt).FirstOrDefault(value => value is not null)
            ?? Default ?? (DefaultKey is null ? null : model.Int(DefaultKey));
        if (found < Least)
            throw config.Wrong(Name, found, $"a whole number of {Least} or more");
        if (found is { } value)
            model.Set(Key, (uint)value);
        else if (!IsOptional)
            throw config.Missing(Name, "a whole number");
    }

    public override void Write(CanonicalModel model, JsonObject config)
    {
        if ((model.TryCommonInt(Key) ?? (DefaultKey is null ? null : model.TryCommonInt(DefaultKey)) ?? Default) is { } value)
            config[Name] = value;
        else if (!IsOptional)
            _ = model.Int(Key);
    }
}

/// <summary>A number.</summary>
/// <param name="Name">Its name in config.json.</param>
/// <param name="Key">Its name in metadata, without the architecture.</param>
sealed record Real(string Name, string Key) : Setting
{
    /// <summary>What a missing entry means; null = the metadata may lack it as well.</summary>
    public double? Default { get; init; }

    /// <summary>Older names of the entry.</summary>
    public IReadOnlyList<string> Also { get; init; } = [];

    public override void Read(ConfigSource config, CanonicalModel model)
    {
        if ((config.TryReal(Name) ?? Also.Select(config.TryReal).FirstOrDefault(value => value is not null) ?? Default) is { } value)
            model.Set(Key, (float)value);
    }

    public override void Write(CanonicalModel model, JsonObject config)
    {
        if (model.TryFloat(Key) is { } value)
            config[Name] = Decimal(value);
    }

    /// <summary>The shortest decimal that gives back the same float: 1e-05, not 9.999999747378752e-06.</summary>
    public static double Decimal(float value) => double.Parse(
        value.ToString("R", System.Globalization.CultureInfo.InvariantCulture), System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>A truth value.</summary>
/// <param name="Name">Its name in config.json.</param>
/// <param name="Key">Its name in metadata, without the architecture.</param>
sealed record Flag(string Name, string Key) : Setting
{
    /// <summary>What a missing entry means; null = the metadata lacks it as well.</summary>
    public bool? Default { get; init; }

    public override void Read(ConfigSource config, CanonicalModel model)
    {
        if ((config.TryFlag(Name) ?? Default) is { } value)
            model.Set(Key, value);
    }

    public override void Write(CanonicalModel model, JsonObject config)
    {
        if ((model.TryBool(Key) ?? Default) is { } value)
            config[Name] = value;
    }
}
