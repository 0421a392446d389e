using Brickwork.Inference.Speculation;
using Brickwork.Kernels.CrossEntropy;
using Brickwork.Models.Training;
using Brickwork.Tensors.Operations;

namespace Brickwork.Training.Session;

/// <summary>Holds a student's logits against those of a teacher, which reads every batch first.</summary>
sealed class Distillation : IObjective, IDisposable
{
    readonly DistillationObjective _options;
    readonly TrainableModel _teacher;
    readonly Logits _seen = new();
    Tensor? _text;

    Distillation(DistillationObjective options, TrainableModel teacher) => (_options, _teacher) = (options, teacher);

    /// <summary>Opens the teacher.</summary>
    /// <exception cref="UnsupportedModelException">Its vocabulary is another one.</exception>
    public static Distillation Open(DistillationObjective options, TrainableModel student, TrainerOptions with)
    {
        using var teacher = LanguageModel.Load(options.Teacher, new LoadOptions { Threads = 1 });
        if (SameVocabulary.Difference(student.Model.Tokenizer, teacher.Tokenizer) is { } difference)
            throw new UnsupportedModelException($"The teacher '{options.Teacher}' has another vocabulary than the model that is trained: {difference}.",
                "Give a teacher with the same tokenizer: a new model takes its own with 'tokenizer'.");
        // It learns nothing, but the pass over whole batches is that of a model that could: the smallest tensor stands for all.
        return new(options, TrainableModel.From(teacher, new TrainableOptions { Threads = with.Threads, InstructionSet = with.InstructionSet, Trains = name => name == "output_norm.weight" }));
    }

    public void Begin(TokenBatch batch)
    {
        _seen.Reserve(batch.Scored, _teacher.Model.Config.Vocabulary);
        _teacher.Look(batch, _seen);
    }

    public double Run(Compute compute, int firstRow, Tensor logits, ReadOnlySpan<int> targets, float? scale)
    {
        var kind = _options.Kind == DistillationKind.ForwardKl ? DivergenceKind.Forward : DivergenceKind.Reverse;
        var teacher = _seen.Rows(firstRow, logits.Rows);
        var (text, distance) = (_options.TextShare, 1 - _options.TextShare);
        if (scale is not { } factor)
            return text * CrossEntropy.Run(compute, logits, targets) + distance * Divergence.Run(compute, kind, logits, teacher, targets, _options.Temperature);
        var copy = CopyOf(logits);
        var surprise = text * CrossEntropy.Backward(compute, copy, targets, factor * text);
        var apart = distance * Divergence.Backward(compute, kind, logits, teacher, targets, _options.Temperature, factor * distance);
        AddScaled.Run(compute, logits, copy, 1);
        return surprise + apart;
    }

    public void Dispose() => _teacher.Dispose();

    Tensor CopyOf(Tensor logits)
    {
        if (_text is not { } known || known.Rows < logits.Rows)
            _text = known = Tensor.Zeros(logits.Rows, logits.Columns);
        var copy = known.SliceRows(0, logits.Rows);
        logits.Floats.CopyTo(copy.Floats);
        return copy;
    }

    /// <summary>Keeps the logits of a batch.</summary>
    sealed class Logits : IObjective
    {
        Tensor? _rows;

        public void Reserve(int rows, int vocabulary)
        {
            if (_rows is not { } known || known.Rows < rows)
                _rows = Tensor.Zeros(rows, vocabulary);
        }

        public Tensor Rows(int first, int count) => _rows!.Value.SliceRows(first, count);

        public void Begin(TokenBatch batch)
        {
        }

        public double Run(Compute compute, int firstRow, Tensor logits, ReadOnlySpan<int> targets, float? scale)
        {
            for (var row = 0; row < logits.Rows; row++)
                logits.Row(row).CopyTo(_rows!.Value.Row(firstRow + row));
            return 0;
        }
    }
}
