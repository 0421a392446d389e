#:project ../src/Brickwork.Inference/Brickwork.Inference.csproj
#:property PublishAot=false
// Several texts in one pass: the weights are read once for all of them. Run it: dotnet run examples/04-batch.cs [MODEL]
using Brickwork;

using var model = LanguageModel.Load(args.FirstOrDefault());
string[] prompts = ["Once upon a time", "Lily wanted a red ball", "The dog saw a bird", "Tom was sad because"];
var options = new GenerationOptions { MaxTokens = 48, Sampling = SamplingOptions.Greedy };

// A generator takes any number of prompts and writes so many texts at once; company changes no text.
using var generator = model.CreateGenerator();
var together = generator.GenerateAll(prompts, options, atOnce: 4);
foreach (var (prompt, text) in prompts.Zip(together))
    Console.WriteLine($"- {prompt}{text.Text.ReplaceLineEndings(" ")}");
var alone = generator.GenerateAll(prompts, options, atOnce: 1);
Console.WriteLine($"the same one by one: {together.Select(text => text.Text).SequenceEqual(alone.Select(text => text.Text))}\n");

// Below it stand sequences in a batch, which a runner takes through the model: one row of logits for each.
using var runner = model.CreateRunner();
var sequences = prompts.Select(_ => runner.StartSequence()).ToList();
var batch = new Batch();
foreach (var (prompt, sequence) in prompts.Zip(sequences))
    batch.Add(sequence, model.Tokenizer.Encode(prompt, EncodeOptions.All));
var logits = runner.Forward(batch);
for (var row = 0; row < logits.Rows; row++)
    Console.WriteLine($"'{prompts[row]}' goes on with '{model.Tokenizer.Piece(Likeliest(logits.Row(row)))}'");
sequences.ForEach(sequence => sequence.Dispose());

static int Likeliest(ReadOnlySpan<float> logits) => logits.ToArray().Index().MaxBy(entry => entry.Item).Index;
