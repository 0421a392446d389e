namespace Brickwork.Models.Running;

/// <summary>A part that remembers something of each sequence between passes.</summary>
interface IStateful : IPart
{
    /// <summary>The state of a sequence that has not begun.</summary>
    SequenceState CreateState(StateFactory factory);

    /// <summary>Whether rows may look at later rows of their sequence, so that a prompt cannot be cut into chunks.</summary>
    bool LooksAhead => false;
}
