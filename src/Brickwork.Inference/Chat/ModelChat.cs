namespace Brickwork;

/// <summary>Conversation as a member of the model.</summary>
public static class ModelChat
{
    extension(LanguageModel model)
    {
        /// <summary>Begins a conversation; the model must outlive it.</summary>
        /// <param name="system">What the model is told before the first question.</param>
        /// <param name="options">How answers are written; null = the defaults.</param>
        /// <param name="runner">How to run the model.</param>
        /// <remarks>A model without a chat template gets the turns as plain paragraphs and writes on from them.</remarks>
        public ChatSession StartChat(string? system = null, GenerationOptions? options = null, RunnerOptions? runner = null) =>
            new(model, system, options ?? new GenerationOptions(), runner);
    }
}
