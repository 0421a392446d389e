#:project ../src/Brickwork.Inference/Brickwork.Inference.csproj
#:property PublishAot=false
// Guessing tokens ahead: fewer passes, the same text. Run it: dotnet run examples/06-guess-ahead.cs [MODEL [DRAFT]]
using Brickwork;

using var model = LanguageModel.Load(args.FirstOrDefault());
using var draft = LanguageModel.Load(args.LastOrDefault());      // a real draft model is several times smaller
using var generator = model.CreateGenerator();
var plain = new GenerationOptions { MaxTokens = 120, Sampling = SamplingOptions.Greedy };
const string Prompt = "Tim has a red ball. Lily has a red ball. Tim";

var expected = generator.Generate(Prompt, plain);
Console.WriteLine($"{Prompt}{expected.Text}\n");
foreach (var speculation in (SpeculationOptions[])[new PromptLookup(), new DraftModel(draft), new DraftModel(draft) { DraftTokens = 4 }])
{
    // How many tokens are guessed follows from measured times, unless it is given.
    var text = generator.Generate(Prompt, plain with { Speculation = speculation });
    var timing = text.End.Timing;
    Console.WriteLine($"{speculation.GetType().Name,-12} accepted {timing.Accepted,3} of {timing.Drafted,3} drafted, "
        + $"{timing.TokensPerPass:F2} tokens per pass, the same text: {text.Text == expected.Text}");
}
