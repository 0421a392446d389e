namespace Brickwork.Bricks.Replay;

/// <summary>Does operations of one kind again.</summary>
interface IReplay
{
    /// <summary>The names of the operations.</summary>
    IReadOnlyList<string> Operations { get; }

    /// <summary>Does one, with the bytes it had the first time.</summary>
    void Run(ReplayedOperation work);
}
