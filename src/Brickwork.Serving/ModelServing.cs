using Brickwork.Serving;
using Microsoft.Extensions.AI;

namespace Brickwork;

/// <summary>Microsoft.Extensions.AI as a member of the model.</summary>
public static class ModelServing
{
    extension(LanguageModel model)
    {
        /// <summary>The model as a chat client: streaming, usage, cancellation. Requests of several threads wait for each other.</summary>
        /// <param name="options">What holds where a request does not say; null = the defaults.</param>
        /// <param name="runner">How to run the model.</param>
        /// <remarks>
        /// Tools, response formats other than text, and contents other than text raise <see cref="NotSupportedException"/>. What a request
        /// has in common with the one before is not read again. The model must outlive the client.
        /// </remarks>
        public IChatClient AsChatClient(GenerationOptions? options = null, RunnerOptions? runner = null) =>
            new BrickworkChatClient(model, options ?? new GenerationOptions(), runner);

        /// <summary>The model as an embedding generator: pooled as the model was trained, of length 1.</summary>
        /// <exception cref="UnsupportedModelException">The model gives logits, not embeddings.</exception>
        public IEmbeddingGenerator<string, Embedding<float>> AsEmbeddingGenerator(EmbeddingOptions? options = null, RunnerOptions? runner = null) =>
            new BrickworkEmbeddingGenerator(model, options, runner);
    }
}
