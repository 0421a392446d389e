namespace Brickwork.Models.Parts.Adapters;

/// <summary>Σ p_b·z_b with p = softmax_b(Q·y · K·z_b): attention over what several bricks make of the slot's output y (AdapterFusion, Pfeiffer et al. 2021).</summary>
/// <remarks>
/// The values are the outputs themselves, the identity that the paper's value matrices begin with and are held near to. Q and K are narrow.
/// A strength s goes that part of the way from y.
/// </remarks>
/// <param name="Brick">The id of the fusion.</param>
/// <param name="Base">What stood in the slot.</param>
sealed record FusedAdapters(string Brick, IPart Base) : OutputAdapter(Brick, Base)
{
    Selection? _selection;

    /// <summary>The parts of the bricks. What they stand around plays no role.</summary>
    public required IReadOnlyList<OutputAdapter> Members { get; init; }

    /// <summary>K, [m, out].</summary>
    public required Tensor Key { get; init; }

    /// <summary>Q, [m, out]; zero means that all bricks share evenly.</summary>
    public required Tensor Query { get; init; }

    public override bool HasGradient => Members.All(member => member.HasGradient);

    Selection Ones => _selection ??= new Selection(Members.Count, Key.Rows, Key.Columns);

    protected override Tensor Change(Tensor input, Tensor output, float strength, ForwardContext context)
    {
        var query = context.Multiply(output, Query);                                            // [T, m]
        var changed = new Tensor[Members.Count];                                                // each [T, out]
        Tensor? scores = null;                                                                  // [T, B]
        for (var member = 0; member < changed.Length; member++)
        {
            changed[member] = Members[member].Run(input, Copy(output, context), Members[member].Strength, context);
            var along = context.Product(context.Multiply(changed[member], Key), query);         // [T, m]
            var score = context.Multiply(along, Ones.Rows[member]);
            scores = scores is { } sum ? context.Sum(sum, score) : score;
        }
        var shares = context.Shares(scores!.Value);
        Tensor? mixed = null;
        for (var member = 0; member < changed.Length; member++)
        {
            var part = context.Product(changed[member], context.Multiply(shares, Ones.Columns[member]));
            mixed = mixed is { } sum ? context.Sum(sum, part) : part;
        }
        return Finish(output, mixed!.Value, strength, context);
    }

    static Tensor Finish(Tensor output, Tensor mixed, float strength, ForwardContext context)
    {
        if (strength != 1)
            mixed = context.Sum(context.Scale(mixed, strength), context.Scale(Copy(output, context), 1 - strength));
        if (context.Tape is not null)
            return mixed;
        mixed.Floats.CopyTo(output.Floats);
        return output;
    }

    static Tensor Copy(Tensor rows, ForwardContext context) => context.ChooseColumns(rows, 0, rows.Columns);

    /// <summary>Matrices of zeros and ones that put the score of a brick into its column, and spread a column over all outputs: so that all of it has gradients.</summary>
    sealed class Selection
    {
        public Selection(int members, int width, int outputs)
        {
            Rows = [.. Enumerable.Range(0, members).Select(member => Make(members, width, (row, _) => row == member))];
            Columns = [.. Enumerable.Range(0, members).Select(member => Make(outputs, members, (_, column) => column == member))];
        }

        /// <summary>For each member [B, m], its row 1.</summary>
        public Tensor[] Rows { get; }

        /// <summary>For each member [out, B], its column 1.</summary>
        public Tensor[] Columns { get; }

        static Tensor Make(int rows, int columns, Func<int, int, bool> isOne)
        {
            var tensor = Tensor.Zeros(rows, columns);
            for (var row = 0; row < rows; row++)
                for (var column = 0; column < columns; column++)
                    tensor.Row(row)[column] = isOne(row, column) ? 1 : 0;
            return tensor;
        }
    }
}
