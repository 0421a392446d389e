#:project ../src/Brickwork.Inference/Brickwork.Inference.csproj
#:property PublishAot=false
// A model, a text, a conversation. Run it: dotnet run examples/01-chat.cs [MODEL]
using Brickwork;

using var model = LanguageModel.Load(args.FirstOrDefault());          // no path: the embedded model, which tells children's stories
Console.WriteLine($"{model.Config.Name}: {model.Config.Parameters:N0} parameters in {model.Config.Layers} layers\n");

// The whole text at once, the likeliest token each time, so that it is the same on every machine.
var options = new GenerationOptions { MaxTokens = 80, Sampling = SamplingOptions.Greedy };
var story = model.Generate("Once upon a time", options);
Console.WriteLine($"Once upon a time{story.Text}");
Console.WriteLine($"[{story.End.Reason} after {story.Ids.Count} tokens, {story.End.Timing.TokensPerSecond:F0} tokens/s]\n");

// A conversation remembers: the second question is read after the first answer, and only what is new is computed.
await using var chat = model.StartChat(system: "You tell short stories.", options);
foreach (var question in (string[])["Tell me about a little dog.", "What did the dog find?"])
{
    Console.WriteLine($"> {question}");
    await foreach (var piece in chat.AskAsync(question))
        Console.Write(piece);
    Console.WriteLine($"\n[{chat.LastEnd!.Timing.ReusedTokens} tokens of the conversation were known already]\n");
}
