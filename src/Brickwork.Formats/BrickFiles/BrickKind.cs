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

    /// <summary>Low-rank changes that begin with the weights' own leading directions (Meng et al. 2024), while they are trained; then they are <see cref="Lora"/>.</summary>
    Pissa,

    /// <summary>Low-rank changes of projections whose own weights are kept in 4 bits (Dettmers et al. 2023).</summary>
    QLora,

    /// <summary>The signs of what a fine-tuning changed, and a size for each matrix (Liu et al. 2024).</summary>
    BitDelta,

    /// <summary>Trained rows before those of a text (Lester et al. 2021).</summary>
    Prompt,

    /// <summary>Trained keys and values before those of a text, in every layer (Li &amp; Liang 2021).</summary>
    Prefix,
}
