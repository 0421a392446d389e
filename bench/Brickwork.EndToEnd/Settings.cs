using System.Globalization;

namespace Brickwork.EndToEnd;

/// <summary>What to measure, and with what.</summary>
sealed record Settings
{
    public const string Usage =
        "dotnet run bench/EndToEnd.cs -- --model FILE.gguf [--model FILE.gguf …] --driver LBENCH --libraries FOLDER\n"
        + "  [--rows prefill,decode,batch,first,beside] [--threads 1,2] [--prompt 256] [--generate 64] [--rounds 5] [--batch 1,2,4,8]\n"
        + "  [--beside 2] [--limit 120] [--brick PROGRAM] [--peer-name TEXT]";

    static readonly string[] AllRows = ["prefill", "decode", "batch", "first", "beside"];

    public required IReadOnlyList<string> Models { get; init; }

    /// <summary>The program that measures the peer, called as bench/README.md says.</summary>
    public required string Driver { get; init; }

    /// <summary>The folder of the peer's libraries.</summary>
    public required string Libraries { get; init; }

    /// <summary>Our program; empty = built from this repository.</summary>
    public string Brick { get; init; } = "";

    public string PeerName { get; init; } = "llama.cpp v0.5.0, prebuilt, npm @node-llama-cpp/linux-x64 3.22.1";

    /// <summary>Which rows to take.</summary>
    public IReadOnlyList<string> Rows { get; init; } = AllRows;

    public IReadOnlyList<int> Threads { get; init; } = [1, 2];

    public IReadOnlyList<int> Batch { get; init; } = [1, 2, 4, 8];

    public int Prompt { get; init; } = 256;

    public int Generate { get; init; } = 64;

    public int Rounds { get; init; } = 5;

    /// <summary>Busy processes for the rows beside them.</summary>
    public int Beside { get; init; } = 2;

    /// <summary>Seconds that a run beside them may take.</summary>
    public int Limit { get; init; } = 120;

    /// <summary>The command that takes these rows again, without the paths of one machine.</summary>
    public string CommandForReaders =>
        $"dotnet run bench/EndToEnd.cs -- {string.Join(' ', Models.Select(model => $"--model {Path.GetFileName(model)}"))} --driver {Path.GetFileName(Driver)}"
        + $" --libraries {Path.GetFileName(Libraries)} --rows {string.Join(',', Rows)} --threads {string.Join(',', Threads)} --prompt {Prompt} --generate {Generate} --rounds {Rounds}"
        + (Rows.Contains("batch") ? $" --batch {string.Join(',', Batch)}" : "") + (Rows.Contains("beside") ? $" --beside {Beside} --limit {Limit}" : "");

    /// <summary>Reads a command line.</summary>
    /// <exception cref="FormatException">It asks for something unknown, or leaves out what is needed.</exception>
    public static Settings Parse(string[] arguments)
    {
        var models = new List<string>();
        var settings = new Settings { Models = models, Driver = "", Libraries = "" };
        for (var index = 0; index < arguments.Length; index += 2)
        {
            var value = index + 1 < arguments.Length ? arguments[index + 1] : throw new FormatException($"{arguments[index]} needs a value.");
            settings = arguments[index] switch
            {
                "--model" => settings.WithModel(models, value),
                "--driver" => settings with { Driver = value },
                "--libraries" => settings with { Libraries = value },
                "--brick" => settings with { Brick = value },
                "--peer-name" => settings with { PeerName = value },
                "--rows" => settings with { Rows = Words(value) },
                "--threads" => settings with { Threads = [.. Numbers(value).Order()] },
                "--batch" => settings with { Batch = Numbers(value) },
                "--prompt" => settings with { Prompt = Number(value) },
                "--generate" => settings with { Generate = Number(value) },
                "--rounds" => settings with { Rounds = Number(value) },
                "--beside" => settings with { Beside = Number(value) },
                "--limit" => settings with { Limit = Number(value) },
                var unknown => throw new FormatException($"There is no option {unknown}."),
            };
        }
        return models.Count > 0 && settings.Driver.Length > 0 && settings.Libraries.Length > 0
            ? settings
            : throw new FormatException("--model, --driver and --libraries are needed.");
    }

    Settings WithModel(List<string> models, string model)
    {
        models.Add(model);
        return this;
    }

    static string[] Words(string text) => text.Split(',') is var words && words.Except(AllRows).FirstOrDefault() is { } unknown
        ? throw new FormatException($"There are no rows '{unknown}'; there are {string.Join(", ", AllRows)}.")
        : words;

    static int[] Numbers(string text) => [.. text.Split(',').Select(Number)];

    static int Number(string text) => int.TryParse(text, CultureInfo.InvariantCulture, out var number) && number > 0
        ? number
        : throw new FormatException($"'{text}' is no number above 0.");
}
