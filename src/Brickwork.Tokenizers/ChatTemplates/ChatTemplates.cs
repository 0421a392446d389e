using System.Collections.Frozen;

namespace Brickwork;

/// <summary>Well-known conversation formats by name, for model files that bring no template of their own.</summary>
public static class ChatTemplates
{
    static readonly FrozenDictionary<string, string> Sources = new Dictionary<string, string>
    {
        ["alpaca"] = Alpaca,
        ["chatml"] = ChatMl,
        ["exaone"] = Exaone,
        ["gemma"] = Gemma,
        ["llama2"] = Llama2,
        ["llama3"] = Llama3,
        ["mistral"] = Mistral,
        ["phi3"] = Phi3,
        ["plain"] = Plain,
        ["vicuna"] = Vicuna,
        ["zephyr"] = Zephyr,
    }.ToFrozenDictionary();

    const string ChatMl = """
        {%- for message in messages %}
        {{- '<|im_start|>' + message.role + '\n' + message.content + '<|im_end|>\n' }}
        {%- endfor %}
        {%- if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}
        """;

    const string Llama3 = """
        {{- bos_token }}
        {%- for message in messages %}
        {{- '<|start_header_id|>' + message.role + '<|end_header_id|>\n\n' + message.content | trim + '<|eot_id|>' }}
        {%- endfor %}
        {%- if add_generation_prompt %}{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}{% endif %}
        """;

    const string Exaone = """
        {{- '' if messages and messages[0].role == 'system' else '[|system|][|endofturn|]\n' }}
        {%- for message in messages %}
        {{- '[|' + message.role + '|]' + message.content | trim + ('\n' if message.role == 'user' else '[|endofturn|]\n') }}
        {%- endfor %}
        {%- if add_generation_prompt %}{{ '[|assistant|]' }}{% endif %}
        """;

    const string Phi3 = """
        {%- for message in messages %}
        {{- '<|' + message.role + '|>\n' + message.content + '<|end|>\n' }}
        {%- endfor %}
        {%- if add_generation_prompt %}{{ '<|assistant|>\n' }}{% endif %}
        """;

    const string Zephyr = """
        {%- for message in messages %}
        {{- '<|' + message.role + '|>\n' + message.content ~ eos_token + '\n' }}
        {%- endfor %}
        {%- if add_generation_prompt %}{{ '<|assistant|>\n' }}{% endif %}
        """;

    // These three have no place for a system message: it opens the first message of the user.
    const string SystemFirst = """
        {%- set system = messages[0].content | trim if messages and messages[0].role == 'system' else '' %}
        {%- set turns = messages[1:] if messages and messages[0].role == 'system' else messages %}
        """;

    const string Gemma = SystemFirst + """
        {{- bos_token }}
        {%- for message in turns %}
        {{- '<start_of_turn>' + ('model' if message.role == 'assistant' else message.role) + '\n' }}
        {{- system + '\n\n' if system and loop.first else '' }}
        {{- message.content | trim + '<end_of_turn>\n' }}
        {%- endfor %}
        {%- if add_generation_prompt %}{{ '<start_of_turn>model\n' }}{% endif %}
        """;

    const string Mistral = SystemFirst + """
        {{- bos_token }}
        {%- for message in turns %}
        {%- if message.role == 'user' %}
        {{- '[INST] ' + (system + '\n\n' if system and loop.first else '') + message.content + ' [/INST]' }}
        {%- else %}
        {{- ' ' + message.content | trim ~ eos_token }}
        {%- endif %}
        {%- endfor %}
        """;

    const string Llama2 = SystemFirst + """
        {%- for message in turns %}
        {%- if message.role == 'user' %}
        {{- bos_token ~ '[INST] ' + ('<<SYS>>\n' + system + '\n<</SYS>>\n\n' if system and loop.first else '') }}
        {{- message.content | trim + ' [/INST]' }}
        {%- else %}
        {{- ' ' + message.content | trim + ' ' ~ eos_token }}
        {%- endif %}
        {%- endfor %}
        """;

    const string Alpaca = """
        {%- set names = {'system': '', 'user': '### Instruction:\n', 'assistant': '### Response:\n'} %}
        {{- bos_token }}
        {%- for message in messages %}
        {{- names.get(message.role, '### ' + message.role | capitalize + ':\n') + message.content | trim }}
        {{- eos_token ~ '\n\n' if message.role == 'assistant' else '\n\n' }}
        {%- endfor %}
        {%- if add_generation_prompt %}{{ '### Response:\n' }}{% endif %}
        """;

    const string Vicuna = """
        {%- set names = {'system': '', 'user': 'USER: ', 'assistant': 'ASSISTANT: '} %}
        {{- bos_token }}
        {%- for message in messages %}
        {{- names.get(message.role, message.role | upper + ': ') + message.content | trim }}
        {{- eos_token ~ '\n' if message.role == 'assistant' else ' ' }}
        {%- endfor %}
        {%- if add_generation_prompt %}{{ 'ASSISTANT:' }}{% endif %}
        """;

    const string Plain = """
        {{- bos_token }}
        {%- for message in messages %}
        {{- message.role | capitalize + ': ' + message.content | trim + '\n' }}
        {%- endfor %}
        {%- if add_generation_prompt %}{{ 'Assistant:' }}{% endif %}
        """;

    /// <summary>The names that <see cref="Named"/> knows.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Sources.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The format of this name, such as chatml or llama3.</summary>
    /// <exception cref="UnsupportedModelException">No format has this name.</exception>
    public static ChatTemplate Named(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Sources.TryGetValue(name, out var source)
            ? ChatTemplate.Parse(source)
            : throw new UnsupportedModelException($"No chat template is named '{name}'.", $"Use one of: {string.Join(", ", Names)}.");
    }
}
