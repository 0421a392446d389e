#:project ../src/Brickwork.Evaluation/Brickwork.Evaluation.csproj
#:property PublishAot=false
#:property RestorePackagesWithLockFile=false
// Bits per byte of held-out texts by a trained model, by xz -9e and by a 5-gram modified Kneser-Ney model of its training texts.
// dotnet run -c Release bench/Baselines.cs -- TOKENS MODEL   (the file of tokens that training made, and a model with the same tokenizer)
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Brickwork;

if (args.Length != 2)
{
    Console.Error.WriteLine("dotnet run -c Release bench/Baselines.cs -- TOKENS MODEL");
    return 2;
}
using var corpus = TokenizedCorpus.Open(args[0]);
using var model = LanguageModel.Load(args[1]);
if (model.Tokenizer.VocabularySize != corpus.VocabularySize)
{
    Console.Error.WriteLine($"error  The texts were cut into tokens of a vocabulary of {corpus.VocabularySize}; the model has {model.Tokenizer.VocabularySize}.");
    return 3;
}
var runs = NgramBaseline.Measure(corpus);
Console.WriteLine("| domain | documents | bytes | the model | xz -9e | 5-gram Kneser-Ney |\n|---|---|---|---|---|---|");
foreach (var score in runs)
{
    string[] documents = [.. corpus.HeldOutTexts(score.Domain, model.Tokenizer)];
    var texts = string.Join('\n', documents);
    var measured = score.Bytes == 0 ? 0 : model.MeasurePerplexity(documents).BitsPerByte;
    var packed = score.Bytes == 0 ? 0 : Packed(texts) * 8.0 / Encoding.UTF8.GetByteCount(texts);
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {score.Domain} | {score.Documents} | {score.Bytes} | {measured:F3} | {packed:F3} | {score.BitsPerByte:F3} |"));
}
return 0;

// The length of a text packed by the program xz.
static long Packed(string text)
{
    using var xz = Process.Start(new ProcessStartInfo("xz", ["-9e", "-c"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
    var writing = Task.Run(() =>
    {
        using var input = xz.StandardInput.BaseStream;
        input.Write(Encoding.UTF8.GetBytes(text));
    });
    var length = 0L;
    var block = new byte[1 << 16];
    for (int read; (read = xz.StandardOutput.BaseStream.Read(block)) > 0;)
        length += read;
    writing.Wait();
    xz.WaitForExit();
    return length;
}
