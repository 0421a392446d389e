using System.Globalization;
using Brickwork.Models.Training;
using Brickwork.Tensors.Optimizers;
using Brickwork.Training.Plans;
using Brickwork.Training.State;

namespace Brickwork.Training.Session;

/// <summary>The weights of a training with all that moves them: one step after another, saved and restored bit for bit.</summary>
sealed class TrainedWeights
{
    /// <summary>What a user can do where numbers grow without bound.</summary>
    public const string Calmer = "Lower 'schedule.rate' or 'clipNorm', or warm up for longer.";

    readonly TrainingPlan _plan;
    readonly TrainableModel _model;
    readonly IObjective _objective;
    readonly Optimizer _optimizer;
    readonly WeightAverage? _average;
    readonly long _steps;

    /// <param name="plan">Rates, clipping and optimizer.</param>
    /// <param name="model">Whose weights.</param>
    /// <param name="objective">What is made small.</param>
    /// <param name="steps">How many steps there will be, which rates depend on.</param>
    public TrainedWeights(TrainingPlan plan, TrainableModel model, IObjective objective, long steps)
    {
        (_plan, _model, _objective, _steps) = (plan, model, objective, steps);
        _optimizer = Optimizer.Create(plan.Optimizer, model.Model.Compute, model.Parameters);
        _average = plan.AverageDecay is null ? null : new WeightAverage(model.Model.Compute, model.Parameters);
    }

    /// <summary>How many steps were done.</summary>
    public long StepsDone { get; private set; }

    /// <summary>Does a step.</summary>
    /// <param name="batches">What it reads, in pieces.</param>
    /// <param name="cancellation">Ends it between two pieces; no weight has changed then.</param>
    /// <exception cref="TrainingStoppedException">The loss or a gradient is no finite number; no weight has changed.</exception>
    public (double Loss, double Rate, double Norm) Step(IReadOnlyList<TokenBatch> batches, CancellationToken cancellation)
    {
        var rate = _plan.Schedule.At(StepsDone, _steps);
        var (loss, norm) = _optimizer switch
        {
            GradientOptimizer optimizer => Follow(optimizer, batches, rate, cancellation),
            Mezo optimizer => optimizer.Advance(StepsDone, rate, () => Sum(batches, batch => _model.Look(batch, _objective), CancellationToken.None).Mean),
            var other => throw new NotSupportedException($"{other.GetType().Name} is no optimizer that this training knows."),
        };
        RequireFinite(loss, norm);
        if (_plan.AverageDecay is { } decay)
            _average!.Add(StepsDone, decay);
        StepsDone++;
        return (loss, rate, Math.Abs(norm));
    }

    (double Loss, double Norm) Follow(GradientOptimizer optimizer, IReadOnlyList<TokenBatch> batches, float rate, CancellationToken cancellation)
    {
        var scale = 1f / Math.Max(1, batches.Sum(batch => batch.Scored));
        _model.ClearGradients();
        var sum = Sum(batches, batch => _model.Accumulate(batch, _objective, scale), cancellation);
        var norm = GradientNorm.Of(_model.Model.Compute, _model.Parameters);
        RequireFinite(sum.Mean, norm);
        optimizer.Advance(StepsDone, rate, GradientNorm.ClipScale(norm, _plan.ClipNorm));
        return (sum.Mean, norm);
    }

    static LossSum Sum(IReadOnlyList<TokenBatch> batches, Func<TokenBatch, LossSum> run, CancellationToken cancellation)
    {
        var sum = new LossSum();
        foreach (var batch in batches)
        {
            cancellation.ThrowIfCancellationRequested();
            sum += run(batch);
        }
        return sum;
    }

    void RequireFinite(double loss, double norm)
    {
        if (!double.IsFinite(loss) || !double.IsFinite(norm))
            throw new TrainingStoppedException(
                string.Create(CultureInfo.InvariantCulture, $"The loss of step {StepsDone + 1} is {loss} and its gradient {norm}; expected finite numbers."), Calmer);
    }

    /// <summary>Does something with the weights that count: their average where the plan wants one.</summary>
    public T WithAverage<T>(Func<TrainableModel, T> use)
    {
        _average?.Swap();
        try
        {
            return use(_model);
        }
        finally
        {
            _average?.Swap();
        }
    }

    /// <inheritdoc cref="WithAverage{T}(Func{TrainableModel, T})"/>
    public void WithAverage(Action use) => WithAverage(_ =>
    {
        use();
        return 0;
    });

    /// <summary>Whether every weight is a finite number.</summary>
    public bool AreFinite() => _model.Parameters.All(parameter => double.IsFinite(GradientNorm.Of(_model.Model.Compute, parameter.Value)));

    /// <summary>Everything that decides the next steps.</summary>
    public TrainingState State(string dataKey) => new() { StepsDone = StepsDone, Plan = PlanText.Of(_plan), DataKey = dataKey, Tensors = [.. Tensors()] };

    /// <summary>Puts everything back.</summary>
    /// <param name="state">From an earlier run.</param>
    /// <param name="source">Its file.</param>
    /// <exception cref="CheckpointException">It is of another model or optimizer.</exception>
    public void Restore(TrainingState state, string source)
    {
        var saved = state.Tensors.ToDictionary();
        foreach (var (name, tensor) in Tensors())
        {
            var isThere = saved.TryGetValue(name, out var from);
            if (!isThere || from.Shape.Count != tensor.Shape.Count || from.Type != tensor.Type)
                throw new CheckpointException(
                    $"The checkpoint {source} has {(isThere ? $"'{name}' as {from}" : $"no '{name}'")}; the plan needs {tensor}.",
                    "Resume with the plan and model that the training began with.");
            for (var row = 0; row < tensor.Rows; row++)
                from.RowSpan(row, 1).CopyTo(tensor.RowSpan(row, 1));
        }
        StepsDone = state.StepsDone;
    }

    IEnumerable<KeyValuePair<string, Tensor>> Tensors() =>
    [
        .. _model.Parameters.Select(parameter => new KeyValuePair<string, Tensor>("weights/" + parameter.Name, parameter.Value)),
        .. _optimizer.State.Select(entry => new KeyValuePair<string, Tensor>("optimizer/" + entry.Key, entry.Value)),
        .. _average?.State.Select(entry => new KeyValuePair<string, Tensor>("average/" + entry.Key, entry.Value)) ?? [],
    ];
}
