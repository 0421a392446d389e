namespace Brickwork.Models.Running;

/// <summary>What can be wrong with a saved sequence.</summary>
static class SessionFaults
{
    public static CheckpointException WrongSize(string what, long found, long expected) => new(
        $"The {what} in the saved session holds {found} values; expected {expected}.", "Load the session with the model it was saved from.");

    public static CheckpointException UnknownToken(int found, int vocabulary) => new(
        $"The saved session holds the token {found}; this model has tokens below {vocabulary}.", "Load the session with the model it was saved from.");

    public static CheckpointException NotASession(string found) => new(
        $"The file is no saved session: {found}.", "Give a file that was written by /save or Sequence.Save.");
}
