namespace Brickwork.EndToEnd;

/// <summary>Both engines beside processes that keep the processors busy.</summary>
/// <param name="Loops">How many busy processes.</param>
/// <param name="LimitSeconds">How long a run may take.</param>
/// <param name="Threads">The thread counts, fewest first.</param>
/// <param name="Rows">One for each engine.</param>
sealed record Crowd(int Loops, int LimitSeconds, IReadOnlyList<int> Threads, IReadOnlyList<CrowdedRow> Rows);
