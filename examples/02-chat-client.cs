#:project ../src/Brickwork.Serving/Brickwork.Serving.csproj
#:property PublishAot=false
// The model behind Microsoft's IChatClient, as any .NET program expects one: dotnet run examples/02-chat-client.cs [MODEL]
using Brickwork;
using Microsoft.Extensions.AI;

using var model = LanguageModel.Load(args.FirstOrDefault());
using IChatClient client = model.AsChatClient();

// This part of the program knows nothing of Brickwork.
ChatMessage[] messages = [new(ChatRole.User, "Lily and her mom went to the park.")];
var options = new ChatOptions { MaxOutputTokens = 80, Temperature = 0.7f, Seed = 7 };
List<ChatResponseUpdate> updates = [];
await foreach (var update in client.GetStreamingResponseAsync(messages, options))
{
    Console.Write(update.Text);
    updates.Add(update);
}

var response = updates.ToChatResponse();
var usage = response.Usage;
Console.WriteLine($"\n\n[{response.FinishReason}: {usage?.InputTokenCount} tokens read, {usage?.OutputTokenCount} written]");

// The same seed gives the same text.
var again = await client.GetResponseAsync(messages, options);
Console.WriteLine($"[a second time: {(again.Text == response.Text ? "the same text" : "another text")}]");
