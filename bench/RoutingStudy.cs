#:project ../src/Brickwork.Bricks/Brickwork.Bricks.csproj
#:property PublishAot=false
#:property RestorePackagesWithLockFile=false
// Losses (nats a token) on held-out texts of several domains, and on texts that go from one to the next, under each way to choose among bricks.
// dotnet run -c Release bench/RoutingStudy.cs -- TOKENS MODEL BRICKS [ID=DOMAIN+DOMAIN ...] [--quick]
//   TOKENS   the file of tokens that training made    MODEL    the model of the bricks    BRICKS   a folder of LoRA bricks
//   ID=...   what a brick is for, where its id is no domain: code=csharp+python
using System.Globalization;
using Brickwork;

const int DocumentTokens = 256, PieceTokens = 64, ChoosingTokens = 48;
var quick = args.Contains("--quick");
string[] given = [.. args.Where(argument => argument != "--quick")];
if (given.Length < 3)
{
    Console.Error.WriteLine("dotnet run -c Release bench/RoutingStudy.cs -- TOKENS MODEL BRICKS [ID=DOMAIN+DOMAIN ...] [--quick]");
    return 2;
}
var (documents, samples, steps, hubSteps) = quick ? (3, 4, 4, 4) : (16, 20, 100, 40);
using var corpus = TokenizedCorpus.Open(given[0]);
using var model = LanguageModel.Load(given[1]);
Brick[] bricks = [.. Directory.EnumerateFiles(given[2], "*.brick").Order(StringComparer.Ordinal).Where(path => !StackFile.IsAt(path)).Select(path => Brick.Open(path, model)).Where(brick => brick.Kind == BrickKind.Lora)];
if (bricks.Length < 2 || model.Tokenizer.VocabularySize != corpus.VocabularySize)
{
    Console.Error.WriteLine($"error  {given[2]} holds {bricks.Length} LoRA bricks; the tokens are of a vocabulary of {corpus.VocabularySize}, the model's has {model.Tokenizer.VocabularySize}. Expected two bricks or more, and one vocabulary.");
    return 3;
}
var named = given[3..].Select(text => text.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1].Split('+'));
string[][] domains = [.. bricks.Select(brick => named.GetValueOrDefault(brick.Id, [brick.Id]))];
foreach (var domain in domains.SelectMany(all => all))
    _ = corpus.Domain(domain);

// What is learnt from: texts of the training split. What is measured on: held-out texts, of which the router of texts sees the beginning.
string[][] learning = [.. domains.Select((all, brick) => Training(all, samples, brick))];
string[][] measured = [.. domains.Select(all => all.SelectMany(domain => HeldOut(domain).Take(documents / all.Length + 1)).Take(documents).ToArray())];
if (measured.ToList().FindIndex(texts => texts.Length == 0) is >= 0 and var without)
{
    Console.Error.WriteLine($"error  Nothing is held out of {string.Join(" and ", domains[without])}, the texts of brick '{bricks[without].Id}'. Name others: {bricks[without].Id}=DOMAIN+DOMAIN");
    return 3;
}
var mixedPieces = Enumerable.Range(0, documents).Select(number => Mixed(measured, number)).ToArray();
var mixedLearning = Enumerable.Range(0, samples).Select(number => string.Join('\n', Mixed(learning, number).Select(piece => piece.Text))).ToArray();
string[][] columns = [.. measured, [.. mixedPieces.Select(pieces => string.Join('\n', pieces.Select(piece => piece.Text)))]];
string[][] hubExamples = [.. learning.Select(texts => texts.Take(8).ToArray()), [.. mixedLearning.Take(8)]];

Console.WriteLine($"| | {string.Join(" | ", bricks.Select(brick => brick.Id))} | mixed | mean |\n|---|{string.Concat(Enumerable.Repeat("---|", bricks.Length + 2))}");
Row("no brick", () => model.Plugged([]));
foreach (var brick in bricks)
    Row($"only `{brick.Id}`", () => model.Plug(brick));
Print("oracle: the text's own brick", [.. columns.Select((texts, column) => column < bricks.Length ? Loss(model.Plug(bricks[column]), texts) : Oracle())]);
var even = Enumerable.Repeat(1f / bricks.Length, bricks.Length).ToArray();
Row("uniform: mean of outputs", () => model.Plug(LoraSum.Of("mean", bricks, even)));
Row("uniform: mean of parameters", () => model.Plug(LoraSum.Of("mean", bricks, even, LoraSumOf.Factors)));
Row("all at strength 1", () => model.Plug(LoraSum.Of("sum", bricks, [.. bricks.Select(_ => 1f)])));
var arrow = ArrowRouter.Of(model, bricks);
foreach (var top in (int[])[1, 2, bricks.Length])
    Row($"Arrow, top {top}", () => model.Route(bricks, arrow, new RouteOptions { Rule = new RouteRule { TopK = top } }));
Brick[] gated = [.. bricks.Select((brick, index) => model.TrainGates(brick, Batches(domains[index]), new ShortTraining { Steps = steps }))];
foreach (var top in (int[])[1, 2])
    Row($"PHATGOOSE, top {top}", () => model.Route(gated, GateRouter.Of(model, gated), new RouteOptions { Rule = new RouteRule { TopK = top } }));
var fusion = model.TrainFusion(bricks, new NewFusion().Make(model, bricks), Batches([.. domains.SelectMany(all => all).Distinct()]), new ShortTraining { Steps = steps });
Row("AdapterFusion", () => model.Fuse(bricks, fusion));
foreach (var sum in (LoraSumOf[])[LoraSumOf.Factors, LoraSumOf.Products])
    Print($"LoraHub, sum of {sum.ToString().ToLowerInvariant()}", [.. columns.Select((texts, column) =>
    {
        var found = LoraHub.Search(model, bricks, candidate => candidate.MeasurePerplexity(hubExamples[column]).Nll, new LoraHubOptions { Sum = sum, Steps = hubSteps });
        Console.Error.WriteLine($"LoraHub {sum} {(column < bricks.Length ? bricks[column].Id : "mixed")}: {string.Join(", ", found.Weights.Select(weight => weight.ToString("F2", CultureInfo.InvariantCulture)))}");
        return Loss(model.Plug(found.Brick), texts);
    })]);
var retrieval = RetrievalRouter.Fit(model, bricks.Zip(learning).ToDictionary(entry => entry.First.Id, entry => (IReadOnlyList<string>)entry.Second));
RowByText("retrieval, selection", text => Found(text, 1, LoraSumOf.Products));
RowByText("retrieval, mixture of 2", text => Found(text, 2, LoraSumOf.Products));
RowByText("retrieval, fusion of 2", text => Found(text, 2, LoraSumOf.Factors));
var right = measured.Select((texts, brick) => texts.Count(text => Chosen(text, 1)[0].Brick == bricks[brick].Id) / (double)texts.Length);
Console.Error.WriteLine($"texts whose brick was found: {string.Join(", ", bricks.Zip(right, (brick, share) => string.Create(CultureInfo.InvariantCulture, $"{brick.Id} {share:P0}")))}");
return 0;

void Row(string name, Func<LanguageModel> plug) => Print(name, [.. columns.Select(texts => Loss(plug(), texts))]);

void RowByText(string name, Func<string, LanguageModel> plug) => Print(name, [.. columns.Select(texts => LossByText(texts, plug))]);

void Print(string name, double[] losses) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"| {name} | {string.Join(" | ", losses.Select(loss => loss.ToString("F3", CultureInfo.InvariantCulture)))} | {losses.Average():F3} |"));

double Loss(LanguageModel plugged, string[] texts)
{
    using (plugged)
        return plugged.MeasurePerplexity(texts).Nll;
}

double LossByText(string[] texts, Func<string, LanguageModel> plug)
{
    var (nats, tokens) = (0.0, 0L);
    foreach (var text in texts)
    {
        using var plugged = plug(text);
        var found = plugged.MeasurePerplexity(text);
        (nats, tokens) = (nats + found.Nll * found.Tokens, tokens + found.Tokens);
    }
    return nats / tokens;
}

// Each piece of a mixed text under the brick that it is for: a split by position.
double Oracle()
{
    using var all = model.Plugged(bricks);
    var (nats, tokens) = (0.0, 0L);
    foreach (var pieces in mixedPieces)
    {
        var (along, written) = (BrickStrengths.Only(bricks[pieces[0].Brick].Id), pieces[0].Text);
        foreach (var (brick, text) in pieces[1..])
        {
            along = along.Until(model.Tokenizer.Encode(written, EncodeOptions.AddSpecial).Length, BrickStrengths.Only(bricks[brick].Id));
            written += "\n" + text;
        }
        var found = all.MeasurePerplexity(written, new PerplexityOptions { Runner = new RunnerOptions { Bricks = along } });
        (nats, tokens) = (nats + found.Nll * found.Tokens, tokens + found.Tokens);
    }
    return nats / tokens;
}

IReadOnlyList<(string Brick, float Weight)> Chosen(string text, int top) =>
    retrieval.Choose(model, Beginning(text, ChoosingTokens), new RouteRule { TopK = top, Shares = RouteShares.Even });

LanguageModel Found(string text, int top, LoraSumOf sum)
{
    var chosen = Chosen(text, top);
    return model.Plug(LoraSum.Of("found", [.. chosen.Select(entry => bricks.First(brick => brick.Id == entry.Brick))], [.. chosen.Select(entry => entry.Weight)], sum));
}

string Beginning(string text, int tokens) => model.Tokenizer.Decode([.. model.Tokenizer.Encode(text, EncodeOptions.None).Take(tokens)]);

IEnumerable<string> HeldOut(string domain) => corpus.HeldOutTexts(domain, model.Tokenizer).Select(text => Beginning(text, DocumentTokens)).Where(text => text.Length > 40);

// One piece of each domain, beginning with another one each time.
(int Brick, string Text)[] Mixed(string[][] texts, int number) =>
[
    .. Enumerable.Range(0, bricks.Length).Select(place => (number + place) % bricks.Length).Select(brick => (brick, Beginning(texts[brick][number % texts[brick].Length], PieceTokens))),
];

string[] Training(string[] of, int count, int seed) =>
    [.. Batches(of, count, 1, seed).Select(batch => model.Tokenizer.Decode(batch.Tokens))];

TokenBatch[] Batches(string[] of, int count = 64, int sequences = 4, int seed = 0)
{
    var source = new BatchSource(corpus, new BatchOptions { Length = DocumentTokens, Sequences = sequences, Seed = seed, Weights = of.Distinct().ToDictionary(domain => domain, _ => 1.0) });
    return [.. Enumerable.Range(0, count).Select(step => source.Training(step))];
}

static class Plugging
{
    extension(LanguageModel model)
    {
        /// <summary>A model of its own with bricks, or with none.</summary>
        public LanguageModel Plugged(IReadOnlyList<Brick> bricks)
        {
            var plugged = model.With("head", model.Decoder.Head!);
            foreach (var brick in bricks)
            {
                using var before = plugged;
                plugged = before.Plug(brick);
            }
            return plugged;
        }
    }
}
