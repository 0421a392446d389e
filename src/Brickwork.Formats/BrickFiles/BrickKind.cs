namespace Brickwork;

/// <summary>What a brick does to the model it is plugged into.</summary>
public enum BrickKind
{
    /// <summary>Low-rank changes of projections (Hu et al. 2021), also with rank-stabilized factors.</summary>
    Lora,

    /// <summary>Low-rank changes of the direction of weights, with magnitudes of their own (Liu et al. 2024).</summary>
    Dora,

    /// <summary>Factors on keys, values and hidden values of feed-forward parts: (IA)³ (Liu et al. 2022).</summary>
    Ia3,

    /// <summary>Directions that are added to the hidden rows behind layers.</summary>
    ControlVector,

    /// <summary>Small networks behind the halves of a layer (Houlsby et al. 2019).</summary>
    Bottleneck,

    /// <summary>Biases (Ben Zaken et al. 2022).</summary>
    BitFit,

    /// <summary>Attention over what other bricks do (Pfeiffer et al. 2021).</summary>
    Fusion,

    /// <summary>Whole tensors in place of the model's own.</summary>
    Whole,
}
