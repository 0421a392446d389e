namespace Brickwork.Models.Loading;

/// <summary>What can be wrong with a checkpoint that is sound as a file.</summary>
static class Faults
{
    const string Look = "The file may be damaged or made by another converter. Look at it: brick inspect --tensors -m FILE";

    public static CheckpointException WrongShape(string name, string source, Shape found, params ReadOnlySpan<long> expected) =>
        new($"Tensor '{name}' in {source} is {found}; expected [{string.Join(", ", expected.ToArray())}] by its metadata and other tensors.", Look);

    public static CheckpointException MissingInSome(string missing, string found, string source) =>
        new($"Tensor '{missing}' is missing in {source}; expected in every layer of its kind, as there is '{found}'.", Look);

    public static CheckpointException NotWeights(string name, string source, DType found) =>
        new($"Tensor '{name}' in {source} is stored as {found}; expected floating or quantized values.", Look);

    public static CheckpointException DoNotFit(string where, string source, ArgumentException cause) =>
        new($"The tensors of {where} in {source} do not fit each other: {cause.Message}", Look, cause);

    public static CheckpointException MoreTokens(string source, int tokens, int rows) =>
        new($"The tokenizer in {source} has {tokens} tokens; the model has embeddings for {rows}.", Look);

    public static CheckpointException TooFewLayers(string key, string source, int found, int expected) =>
        new($"Metadata '{key}' in {source} has {found} entries; expected one for each of {expected} layers.", Look);

    public static CheckpointException WrongValue(string key, string source, object found, string expected) =>
        new($"Metadata '{key}' in {source} is {found}; expected {expected}.", Look);

    public static CheckpointException NotFinite(string name, string source) =>
        new($"Tensor '{name}' in {source} holds values that are not numbers (NaN or infinity).", "Get the file again or convert it again from its source.");

    public static CheckpointException NoNumbers(string source) =>
        new($"The model in {source} gave outputs that are not numbers (NaN or infinity), though its weights are.",
            "Try --exact; if that helps, please report the model in an issue.");

    public static UnsupportedModelException LeftOver(List<string> names, string architecture, string source)
    {
        var some = string.Join(", ", names.Take(5));
        return new($"{source} holds {names.Count} tensors that the family '{architecture}' does not use: {some}{(names.Count > 5 ? ", …" : "")}.",
            "Running without them would give wrong results. Please report the model in an issue.");
    }
}
