using System.Text.Json;
using Brickwork.Models.Loading;
using Brickwork.TestKit;

namespace Brickwork.Tokenizers.Tests;

public sealed class BpeTrainerTests
{
    [SkippableFact]
    public void The_published_vocabulary_and_merges_come_out()
    {
        var folder = SharedData.Require("data", "tokenizer-vectors");
        var vocabulary = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "cs336-train-bpe-reference-vocab.json"))).RootElement;
        var trainer = new BpeTrainer(new BpeTrainingOptions { VocabularySize = 500 });

        trainer.Add(File.ReadAllText(Path.Combine(folder, "cs336-corpus.en")));
        var definition = trainer.Train().ToDefinition();

        definition.Merges.ShouldBe(File.ReadAllLines(Path.Combine(folder, "cs336-train-bpe-reference-merges.txt")));
        definition.Tokens.Select((token, id) => (token, id)).ShouldBe(vocabulary.EnumerateObject().Select(entry => (entry.Name, entry.Value.GetInt32())).OrderBy(entry => entry.Item2));
    }

    [SkippableTheory]
    [InlineData("cs336-german.txt")]
    [InlineData("cs336-address.txt")]
    [InlineData("cs336-tinystories_sample.txt")]
    [InlineData("botchan.txt")]
    public void The_merges_are_those_of_counting_everything_again(string file)
    {
        var text = File.ReadAllText(SharedData.Require("data", "tokenizer-vectors", file));
        text = text[..Math.Min(text.Length, 6000)];
        var trainer = new BpeTrainer(new BpeTrainingOptions { VocabularySize = 420 });
        trainer.Add(text);

        trainer.Train().ToDefinition().Merges.ShouldBe(PlainBpe.Merges(text, 420 - 257));
    }

    [Fact]
    public void Random_texts_give_the_merges_of_counting_everything_again()
    {
        for (var trial = 0; trial < 30; trial++)
        {
            var random = new SeededRandom(trial);
            // Few letters, so that pairs overlap, tie and spell the same token in two ways.
            var text = new string([.. Enumerable.Range(0, 400).Select(_ => "aab c"[random.NextInt32(5)])]);
            var trainer = new BpeTrainer(new BpeTrainingOptions { VocabularySize = 300 });
            trainer.Add(text);

            var merges = trainer.Train().ToDefinition().Merges!;

            merges.ShouldBe(PlainBpe.Merges(text, merges.Count));
        }
    }

    [Fact]
    public void Threads_and_the_cuts_between_texts_do_not_change_the_result()
    {
        var random = new SeededRandom(4);
        string[] texts = [.. Enumerable.Range(0, 300).Select(_ => string.Join(' ', Enumerable.Range(0, 30).Select(_ => $"word{random.NextInt32(50)}")))];
        TokenizerDefinition Train(int threads)
        {
            var trainer = new BpeTrainer(new BpeTrainingOptions { VocabularySize = 320, Threads = threads });
            foreach (var text in texts)
                trainer.Add(text);
            return trainer.Train().ToDefinition();
        }

        Train(3).Merges.ShouldBe(Train(1).Merges);
        var joined = new BpeTrainer(new BpeTrainingOptions { VocabularySize = 320 });
        joined.Add(string.Join("<|endoftext|>", texts));
        joined.Train().ToDefinition().Merges.ShouldBe(Train(1).Merges);
    }

    [Fact]
    public void A_trained_tokenizer_reads_back_what_it_wrote_in_every_format()
    {
        var options = new BpeTrainingOptions { VocabularySize = 400, SpecialTokens = ["<|endoftext|>", "<|user|>", "<|assistant|>"], PreTokenizer = "qwen2" };
        var trainer = new BpeTrainer(options);
        trainer.Add(string.Concat(Enumerable.Repeat("The quick brown fox, 1234 jumps over 猫の lazy dog.\n\n  if (x) { return; }\n", 20)));
        var tokenizer = trainer.Train();
        const string text = "Quick 猫\t<|user|> fox 𝄞 over 12 \r\n if (x)";

        var metadata = new Metadata("a test");
        GgufTokenizer.Write(tokenizer.ToDefinition(), metadata);
        var gguf = Tokenizer.Create(GgufTokenizer.Read(metadata));
        var json = Tokenizer.FromHuggingFace(HuggingFaceTokenizerWriter.Write(tokenizer.ToDefinition()), HuggingFaceTokenizerWriter.WriteConfig(tokenizer.ToDefinition(), null));

        foreach (var parse in new[] { EncodeOptions.None, EncodeOptions.ParseSpecial, EncodeOptions.All })
        {
            var ids = tokenizer.Encode(text, parse);
            tokenizer.Decode(tokenizer.Encode(text, EncodeOptions.None)).ShouldBe(text);
            gguf.Encode(text, parse).ShouldBe(ids);
            json.Encode(text, parse).ShouldBe(ids);
        }
        (tokenizer.Bos, tokenizer.Eos, tokenizer.AddsBos, tokenizer.VocabularySize).ShouldBe((0, 0, true, tokenizer.ToDefinition().Merges!.Count + 259));
        tokenizer.Encode("<|user|>", EncodeOptions.ParseSpecial).ShouldBe([1]);
        tokenizer.EndOfGeneration.ShouldContain(0);
    }

    [Fact]
    public void Limits_hold_and_wrong_options_are_refused()
    {
        var trainer = new BpeTrainer(new BpeTrainingOptions { VocabularySize = 1000, LongestToken = 4, MinimumCount = 3 });
        trainer.Add("abcdefgh abcdefgh abcdefgh xyz xyz");
        var definition = trainer.Train().ToDefinition();

        definition.Tokens.Skip(1).ShouldAllBe(token => token.Length <= 4);
        definition.Tokens.ShouldNotContain("xy");
        Should.Throw<ArgumentOutOfRangeException>(() => new BpeTrainer(new BpeTrainingOptions { VocabularySize = 256 }));
        Should.Throw<ArgumentException>(() => new BpeTrainer(new BpeTrainingOptions { VocabularySize = 500, SpecialTokens = ["a", "a"] }));
        Should.Throw<UnsupportedModelException>(() => new BpeTrainer(new BpeTrainingOptions { VocabularySize = 500, PreTokenizer = "gemma4" }));
    }
}
