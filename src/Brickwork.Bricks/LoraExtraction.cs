using System.Globalization;
using Brickwork.Bricks.Log;
using Brickwork.Bricks.Merge.LowRank;
using Brickwork.Bricks.Merge.Planning;
using Brickwork.Bricks.Merge.Recipes;
using Brickwork.Bricks.Plug;
using Brickwork.Formats.Log;
using Brickwork.Tensors.LinearAlgebra;

namespace Brickwork;

/// <summary>How a LoRA brick is taken out of the difference of two models.</summary>
public sealed record ExtractOptions
{
    /// <summary>The most values between the two factors.</summary>
    public int Rank { get; init; } = 16;

    /// <summary>The name of the brick.</summary>
    public string Id { get; init; } = "extracted";

    /// <summary>The slots whose change is taken.</summary>
    public SlotPattern Targets { get; init; } = new("**");

    /// <summary>Whether the change of the embedding is taken, too.</summary>
    public bool Embedding { get; init; }

    /// <summary>Under which terms the brick may be used; null = not said.</summary>
    public string? Licence { get; init; }

    /// <summary>Called after each tensor with those done and in all.</summary>
    public Action<long, long>? Progress { get; init; }

    /// <summary>Stops between two tensors.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>What the log says was done; null = this extraction.</summary>
    internal LoggedOperation? Operation { get; init; }
}

/// <summary>A brick taken out of a difference, and what it lacks.</summary>
/// <param name="Brick">The brick.</param>
/// <param name="Error">‖δ − BA‖ / ‖δ‖ over the tensors it changes.</param>
/// <param name="Left">Tensors that differ, too, but cannot be changed by LoRA or were not asked for.</param>
public sealed record ExtractedLora(Brick Brick, double Error, IReadOnlyList<string> Left);

/// <summary>Finds the LoRA brick that comes nearest to the difference of a model and its fine-tuned successor.</summary>
/// <remarks>By the singular values of each tensor's difference, √S with both factors, as mergekit's <c>extract-lora</c>; singular values are the best there is (Eckart &amp; Young 1936).</remarks>
public static class LoraExtraction
{
    internal const string Operation = "extract", Tuned = "tuned";

    extension(LanguageModel model)
    {
        /// <summary>The brick that makes of this model nearly the other one.</summary>
        /// <param name="tuned">The successor, in any form: a file, a folder or a name.</param>
        /// <param name="options">Rank and targets.</param>
        /// <exception cref="CheckpointException">The successor is missing, damaged, or of other shapes.</exception>
        /// <exception cref="RecipeException">Nothing that was asked for differs, or the rank is no number above 0.</exception>
        public ExtractedLora Extract(string tuned, ExtractOptions? options = null)
        {
            ArgumentNullException.ThrowIfNull(model);
            using var successor = MergeModel.Open(tuned, new RecipePlaces(Environment.CurrentDirectory, new Dictionary<string, string>()));
            return new Extraction(model, successor, options ?? new ExtractOptions()).Run();
        }
    }

    sealed class Extraction(LanguageModel model, Checkpoint tuned, ExtractOptions options)
    {
        readonly OrderedDictionary<string, Tensor> _tensors = new(StringComparer.Ordinal);
        readonly List<string> _left = [];
        double _all, _lost;

        public ExtractedLora Run()
        {
            if (options.Rank < 1)
                throw new RecipeException($"The rank is {options.Rank}; expected a number above 0.", "Give a rank such as 16.");
            var index = new TargetIndex(model);
            for (var done = 0; done < model.Tensors.Count; done++)
            {
                options.CancellationToken.ThrowIfCancellationRequested();
                Take(model.Tensors[done], index);
                options.Progress?.Invoke(done + 1, model.Tensors.Count);
            }
            if (_tensors.Count == 0)
                throw new RecipeException($"Nothing of {tuned.Source} differs from {model.Checkpoint.Source} in the slots '{options.Targets}'.", "Name the base first and its fine-tuned successor second; look at the difference: brick diff BASE TUNED");
            return new(new Brick(new BrickManifest
            {
                Id = options.Id,
                Kind = BrickKind.Lora,
                Slots = [.. _tensors.Keys.Select(name => Formats.BrickFiles.BrickTensors.Split(name)!.Value.Target).Distinct()],
                Parent = model.Fingerprint,
                Licence = options.Licence,
                Log = OperationLog.After(options.Operation ?? Describe(), [LoggedSource.Of("model", model.Checkpoint), LoggedSource.Of(Tuned, tuned)]),
            }, _tensors), _all > 0 ? Math.Sqrt(_lost / _all) : 0, _left);
        }

        LoggedOperation Describe() => new()
        {
            Name = Operation,
            Arguments = LoggedOperation.Given(
                (BrickLog.Form, BrickLog.OwnForm), ("id", options.Id), ("rank", options.Rank.ToString(CultureInfo.InvariantCulture)), ("targets", options.Targets.Text), ("embedding", options.Embedding ? "true" : null), (BrickLog.Licence, options.Licence)),
        };

        void Take(TensorInfo info, TargetIndex index)
        {
            var delta = Difference(info);
            if (!delta.Any(value => value != 0))
                return;
            if (!IsWanted(info, index))
            {
                _left.Add(info.Name);
                return;
            }
            var count = info.Shape.Rank > 2 ? (int)info.Shape[0] : 1;
            var rows = (int)(info.Shape.Count / info.Shape.Columns / count);
            var isTable = info.Name == TargetIndex.Tokens;
            BrickFactors.Write(_tensors, info.Name, [.. Enumerable.Range(0, count).Select(expert =>
            {
                var matrix = new Matrix(rows, info.Shape.Columns, delta[(expert * rows * info.Shape.Columns)..((expert + 1) * rows * info.Shape.Columns)]);
                if (isTable)
                    matrix = matrix.Transposed();
                var change = LowRankChange.Of(model.Compute, matrix, options.Rank);
                var rest = matrix - change.Product();
                _all += Matrix.Dot(matrix.Values, matrix.Values);
                _lost += Matrix.Dot(rest.Values, rest.Values);
                return change;
            })]);
        }

        double[] Difference(TensorInfo info)
        {
            if (!tuned.Contains(info.Name))
                throw new CheckpointException($"{tuned.Source} has no tensor '{info.Name}' {info.Shape}; {model.Checkpoint.Source} has.", "Name two models of one family and size.");
            var other = tuned.Open(info.Name);
            if (other.Shape != info.Shape)
                throw new CheckpointException($"Tensor '{info.Name}' is {other.Shape} in {tuned.Source} and {info.Shape} in {model.Checkpoint.Source}; expected the same shape.", "Name two models of one family and size.");
            if (info.Type is DType.I8 or DType.I16 or DType.I32 or DType.I64)
                return [];
            var (now, before) = (TensorRows.Read(other, info.Name, tuned.Source, model.Compute.Team), TensorRows.Read(model.Checkpoint.Open(info.Name), info.Name, model.Checkpoint.Source, model.Compute.Team));
            return [.. now.Zip(before, (value, origin) => value - (double)origin)];
        }

        bool IsWanted(TensorInfo info, TargetIndex index) =>
            info.Name == TargetIndex.Tokens ? options.Embedding && model.Checkpoint.Contains(TargetIndex.Head)
            : info.Shape.Rank > 1 && index.Find(info.Name) is { Count: > 0 } projections && projections.All(projection => options.Targets.Matches(projection.Name));
    }
}
