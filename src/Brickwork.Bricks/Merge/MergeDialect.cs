namespace Brickwork;

/// <summary>Whose arithmetic a merge follows where tools of the same name differ.</summary>
public enum MergeDialect
{
    /// <summary>mergekit: DARE keeps the L1 norm, TIES votes with weighted differences and divides by the weights that agree.</summary>
    Mergekit,

    /// <summary>PEFT: DARE divides by the density, TIES votes with pruned differences and divides by their number.</summary>
    Peft,

    /// <summary>The papers: as PEFT, over full weights; multislerp is the weighted mean on the sphere.</summary>
    Paper,
}
