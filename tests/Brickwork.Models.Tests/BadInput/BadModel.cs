using System.Diagnostics;
using Brickwork.TestKit;

namespace Brickwork.Models.Tests.BadInput;

/// <summary>Loads a spoiled checkpoint and asks it for the next token; nothing but a fault that a user can act on may come of it.</summary>
static class BadModel
{
    const long MostBytes = 64 << 20;

    static readonly LoadOptions OneThread = new() { Threads = 1 };
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    public static TheoryData<string> Picos() => ["llama", "mixture", "windowed", "quantized"];

    public static MemoryCheckpoint Pico(string name) => name switch
    {
        "mixture" => PicoModel.MixtureCheckpoint(),
        "windowed" => PicoModel.WindowedCheckpoint(),
        "quantized" => PicoModel.MixtureCheckpoint(type: DType.Q8_0),
        _ => PicoModel.LlamaCheckpoint(),
    };

    /// <summary>The fault, or null where the model runs all the same.</summary>
    public static BrickworkException? Fault(MemoryCheckpoint checkpoint, string what)
    {
        var (allocated, watch) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.StartNew());
        try
        {
            using var model = LanguageModel.From(checkpoint, OneThread);
            using var runner = model.CreateRunner();
            using var sequence = runner.StartSequence();
            runner.Forward(new Batch().Add(sequence, [1, 5, 300]));
            runner.Forward(new Batch().Add(sequence, [7]));
            return null;
        }
        catch (ContextFullException)
        {
            return null;
        }
        catch (Exception fault) when (fault is CheckpointException or UnsupportedModelException)
        {
            fault.Message.ShouldContain(checkpoint.Source, customMessage: what);
            ((BrickworkException)fault).NextStep.ShouldNotBeEmpty(what);
            return (BrickworkException)fault;
        }
        catch (Exception other) when (other is not ShouldAssertException)
        {
            throw new InvalidOperationException($"{what}: {other.GetType().Name} is no fault that a user can act on.", other);
        }
        finally
        {
            (GC.GetAllocatedBytesForCurrentThread() - allocated).ShouldBeLessThan(MostBytes, what);
            watch.Elapsed.ShouldBeLessThan(Longest, what);
        }
    }

    /// <summary>The fault that must be there.</summary>
    public static BrickworkException MustFail(MemoryCheckpoint checkpoint, string what) =>
        Fault(checkpoint, what) ?? throw new InvalidOperationException($"{what}: the model ran as if nothing were wrong.");

    /// <summary>The same checkpoint without one tensor.</summary>
    public static MemoryCheckpoint Without(this MemoryCheckpoint given, string name) => given.Copy((checkpoint, tensor) =>
    {
        if (tensor != name)
            checkpoint.Add(tensor, given.Open(tensor));
    });

    /// <summary>The same checkpoint with another tensor under one name.</summary>
    public static MemoryCheckpoint With(this MemoryCheckpoint given, string name, Tensor other) =>
        given.Copy((checkpoint, tensor) => checkpoint.Add(tensor, tensor == name ? other : given.Open(tensor)));

    /// <summary>The same checkpoint with another value under one key; null = without.</summary>
    public static MemoryCheckpoint With(this MemoryCheckpoint given, string key, object? value)
    {
        var copy = given.Copy((checkpoint, tensor) => checkpoint.Add(tensor, given.Open(tensor)));
        copy.Metadata.Remove(key);
        if (value is not null)
            copy.Metadata.Set(key, value);
        return copy;
    }

    static MemoryCheckpoint Copy(this MemoryCheckpoint given, Action<MemoryCheckpoint, string> add)
    {
        var copy = new MemoryCheckpoint(given.Source);
        foreach (var (key, value) in given.Metadata)
            copy.Metadata.Set(key, value);
        foreach (var tensor in given.Tensors)
            add(copy, tensor.Name);
        return copy;
    }
}
