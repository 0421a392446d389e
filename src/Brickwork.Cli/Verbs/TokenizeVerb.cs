using System.CommandLine;
using System.Globalization;
using Brickwork.Cli.Options;
using Brickwork.Cli.Terminal;
using Brickwork.Formats.Writing;

namespace Brickwork.Cli.Verbs;

/// <summary><c>brick tokenize</c>: text to ids and back.</summary>
sealed class TokenizeVerb : Verb
{
    readonly PromptOptions _text = new("text");
    readonly Option<string?> _decode = new("--decode") { Description = "Ids to turn into text, comma-separated" };
    readonly Option<bool> _special = new("--special") { Description = "Add the model's start and end tokens, and read special tokens in the text as such" };

    public TokenizeVerb() : base("tokenize", "Turn text into token ids, or ids into text")
    {
        Add(_text.Text);
        Add(_text.File);
        Add(_decode);
        Add(_special);
        ModelOptions.AddTo(this);
    }

    protected override int Run(Invocation run)
    {
        using var model = ModelOptions.Load(run);
        return run.Value(_decode) is { } list ? Decode(run, model.Tokenizer, TokenList.Parse(list)) : Encode(run, model.Tokenizer);
    }

    int Encode(Invocation run, Tokenizer tokenizer)
    {
        var ids = tokenizer.Encode(_text.Read(run), run.Value(_special) ? EncodeOptions.All : EncodeOptions.None);
        if (!run.Output.Json)
        {
            run.Output.Result.WriteLine(string.Join(",", ids.Select(id => id.ToString(CultureInfo.InvariantCulture))));
            return ExitCode.Good;
        }
        run.Output.WriteJson(json =>
        {
            json.WriteStartArray("ids");
            foreach (var id in ids)
                json.WriteNumberValue(id);
            json.WriteEndArray();
            json.WriteTexts("pieces", ids.Select(tokenizer.Piece));
        });
        return ExitCode.Good;
    }

    int Decode(Invocation run, Tokenizer tokenizer, int[] ids)
    {
        var text = tokenizer.Decode(ids, run.Value(_special) ? DecodeOptions.RenderSpecial : DecodeOptions.None);
        if (run.Output.Json)
            run.Output.WriteJson(json => json.WriteString("text", text));
        else
            run.Output.Result.WriteLine(text);
        return ExitCode.Good;
    }
}
