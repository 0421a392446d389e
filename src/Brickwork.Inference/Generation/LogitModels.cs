namespace Brickwork.Inference.Generation;

/// <summary>Tells models that foresee tokens from those that give embeddings.</summary>
static class LogitModels
{
    internal static void Require(LanguageModel model)
    {
        if (model.Decoder.Head is null)
            throw new UnsupportedModelException(
                $"The model '{model.Config.Name}' ({model.Config.Family}) gives embeddings, not text; expected a model with an output head.",
                "Use it for embeddings (brick embed), or give another model: -m MODEL");
    }
}
