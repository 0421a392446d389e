using Brickwork.Kernels.QuantizedMatMul.Formats;

namespace Brickwork.Kernels.QuantizedMatMul;

/// <summary>The product with bytes for one storage type: weights laid out as panels, inputs as <see cref="ActivationBlocks"/>.</summary>
abstract class PanelProduct
{
    /// <summary>The number of the layout, one for all instruction sets: raise it whenever a byte of any panel changes, for panels are kept in files.</summary>
    public const int LayoutVersion = 1;

    /// <summary>Rows in a panel.</summary>
    public const int PanelRows = 16;

    /// <summary>Rows that are multiplied together: what a call's rows are best a multiple of.</summary>
    public const int TileRows = 2 * PanelRows;

    /// <summary>Most tokens of one call.</summary>
    public const int MostTokens = 256;

    static readonly Dictionary<DType, PanelProduct> Known = new PanelProduct[]
    {
        new PanelProduct<Q4_0Panel>(), new PanelProduct<Q4_1Panel>(), new PanelProduct<Q5_0Panel>(), new PanelProduct<Q5_1Panel>(),
        new PanelProduct<Q8_0Panel>(), new PanelProduct<Q3_KPanel>(), new PanelProduct<Q4_KPanel>(), new PanelProduct<Q5_KPanel>(),
        new PanelProduct<Q6_KPanel>(), new PanelProduct<IQ4_NLPanel>(), new PanelProduct<IQ4_XSPanel>(), new PanelProduct<MXFP4Panel>(),
    }.ToDictionary(product => product.Type);

    /// <summary>The storage types that have such a product.</summary>
    public static IEnumerable<DType> Types => Known.Keys;

    /// <summary>The product for a storage type, or null where there is none.</summary>
    public static PanelProduct? Find(DType type) => Known.GetValueOrDefault(type);

    /// <summary>The storage type of the weights.</summary>
    public abstract DType Type { get; }

    /// <summary>Bytes of a panel with rows of that many columns.</summary>
    public abstract long PanelBytes(int columns);

    /// <summary>Lays up to 16 stored rows out as a panel.</summary>
    public abstract void Pack(ReadOnlySpan<byte> rows, int columns, Span<byte> panel);

    /// <summary>outputs[t, r] = Σ_k weights[r, k] · inputs[t, k].</summary>
    /// <param name="path">The kernel to use.</param>
    /// <param name="panels">Panels, one behind the other.</param>
    /// <param name="inputs">Rows of <see cref="ActivationBlocks"/>, at most <see cref="MostTokens"/>.</param>
    /// <param name="columns">Values per row.</param>
    /// <param name="rows">How many rows of the panels are wanted.</param>
    /// <param name="outputs">Output of token t and row r at t · <paramref name="outputStride"/> + r.</param>
    /// <param name="outputStride">From one token's outputs to the next one's.</param>
    public abstract void Multiply(
        InstructionSet path, ReadOnlySpan<byte> panels, ReadOnlySpan<byte> inputs, int columns, int rows,
        Span<float> outputs, int outputStride);
}
