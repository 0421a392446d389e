namespace Brickwork;

/// <summary>How far the inputs of a merge pull one tensor in different directions.</summary>
/// <param name="Tensor">The tensor.</param>
/// <param name="SignConflict">1 − Σ|Σδ| / ΣΣ|δ|: the share of all change that is lost when the changes δ are added; 0 … 1.</param>
/// <param name="Cosine">The mean cosine between the changes of two inputs.</param>
/// <param name="SubspaceOverlap">‖Q₁ᵀQ₂‖² / r of the leading directions of two changes, 0 … 1; null where the tensor is no matrix.</param>
/// <param name="SharedNeurons">Share of the neurons changed most (a twentieth) that two inputs have in common; they are rows, the columns of ffn_down and attn_output, and the tokens of tables. Null where the tensor is no matrix.</param>
public sealed record MergeConflict(string Tensor, double SignConflict, double Cosine, double? SubspaceOverlap, double? SharedNeurons);
