namespace Brickwork.Tokenizers.ChatTemplates.Evaluation;

/// <summary>A fault at run time; <see cref="ChatTemplate"/> adds the place and turns it into a <see cref="CheckpointException"/>.</summary>
sealed class TemplateFault(string message) : Exception(message);

/// <summary>The template asks for a filter, test or option that we do not have; it becomes an <see cref="UnsupportedModelException"/>.</summary>
sealed class TemplateGap(string message) : Exception(message);

/// <summary>The template itself refused the conversation with <c>raise_exception</c>.</summary>
sealed class TemplateRefusal(string message) : Exception(message);
