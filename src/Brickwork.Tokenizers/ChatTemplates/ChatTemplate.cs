using Brickwork.Tokenizers.ChatTemplates.Evaluation;
using Brickwork.Tokenizers.ChatTemplates.Parsing;
using Brickwork.Tokenizers.ChatTemplates.Syntax;

namespace Brickwork;

/// <summary>The program that turns a conversation into the text a model was trained on: the part of Jinja that chat templates use.</summary>
/// <remarks>
/// Renders as transformers does (<c>trim_blocks</c>, <c>lstrip_blocks</c>, plain <c>tojson</c>). A template comes with a model file, so its
/// work is bounded: 10 million characters, 10 million steps, 200 levels. Read once, render often; an instance may be shared by threads.
/// </remarks>
public sealed class ChatTemplate
{
    readonly Statement[] _body;

    ChatTemplate(string source, Statement[] body) => (Source, _body) = (source, body);

    /// <summary>The template as it was given.</summary>
    public string Source { get; }

    /// <summary>Reads a template.</summary>
    /// <exception cref="CheckpointException">The template is malformed.</exception>
    /// <exception cref="UnsupportedModelException">The template uses a tag that this version does not have.</exception>
    public static ChatTemplate Parse(string source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return new ChatTemplate(source, TemplateParser.Parse(source));
    }

    /// <summary>Writes the conversation as the model expects it.</summary>
    /// <exception cref="ChatTemplateException">The template refuses the conversation.</exception>
    /// <exception cref="CheckpointException">The template fails, or exceeds its bounds.</exception>
    /// <exception cref="UnsupportedModelException">The template uses a filter or test that this version does not have.</exception>
    public string Render(IReadOnlyList<ChatTurn> turns, ChatTemplateOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(turns);
        options ??= new ChatTemplateOptions();
        var context = new RenderContext(options.TimeProvider);
        try
        {
            return new Renderer(context).Render(_body, TemplateVariables.Of(turns, options));
        }
        catch (TemplateRefusal refusal)
        {
            throw new ChatTemplateException($"The chat template refuses the conversation: {refusal.Message}",
                "Change the conversation as the message asks, for example its roles or their order.", refusal);
        }
        catch (TemplateFault fault)
        {
            throw new CheckpointException($"The chat template fails at {context.At}: {fault.Message}.", TemplateSyntax.NextStep, fault);
        }
        catch (TemplateGap gap)
        {
            throw new UnsupportedModelException(
                $"The chat template uses {gap.Message} at {context.At}; this version has no such thing.", TemplateSyntax.NextStep, gap);
        }
    }
}
