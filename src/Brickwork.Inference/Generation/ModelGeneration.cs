namespace Brickwork;

/// <summary>Generation as a member of the model.</summary>
public static class ModelGeneration
{
    extension(LanguageModel model)
    {
        /// <summary>Something that writes on from prompts; the model must outlive it.</summary>
        public Generator CreateGenerator(RunnerOptions? options = null) => new(model, options);

        /// <summary>Writes on from one prompt.</summary>
        /// <inheritdoc cref="Generator.Stream(string, GenerationOptions?, CancellationToken)"/>
        public GeneratedText Generate(string prompt, GenerationOptions? options = null, CancellationToken cancellation = default)
        {
            using var generator = model.CreateGenerator();
            return generator.Generate(prompt, options, cancellation);
        }
    }
}
