#:project ../src/Brickwork.Evaluation/Brickwork.Evaluation.csproj
#:property PublishAot=false
// Stores a model in fewer bits and measures what that costs. Run it: dotnet run examples/05-convert-and-quantize.cs [MODEL] [TEXT]
using Brickwork;

var source = args.ElementAtOrDefault(0) ?? ModelFolder.Default;
var text = args.Length > 1 ? File.ReadAllText(args[1]) : """
    Once upon a time, there was a little girl named Lily. She loved to play outside in the park. One day, she saw a big, red ball.
    She wanted to play with it, but it was too high. Her mom said, "Do not worry, Lily. I will help you get the ball." Lily was happy.
    """;
var folder = Directory.CreateTempSubdirectory("brickwork-");
try
{
    using var original = LanguageModel.Load(source);
    Console.WriteLine("type     bytes        KL divergence   perplexity ×   same favourite");
    foreach (var type in (string[])["f16", "q8_0", "q4_0"])
    {
        var file = Path.Combine(folder.FullName, $"{type}.gguf");
        var report = ModelConverter.Convert(source, file, new ConvertOptions { Type = type });
        using var small = LanguageModel.Load(file);
        var cost = small.CompareWith(original, [text]);
        Console.Write($"{type,-8} {report.BytesOut,9:N0}    ");
        Console.WriteLine($"{cost.KlDivergence:E3}      {cost.PerplexityRatio:F4}         {cost.TopAgreement:P1}");
    }
}
finally
{
    folder.Delete(recursive: true);
}
