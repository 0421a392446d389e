namespace Brickwork.Training.Session;

/// <summary>The model a training begins with.</summary>
static class StartModel
{
    /// <summary>A copy of the plan's model that can be trained.</summary>
    /// <param name="plan">Says which.</param>
    /// <param name="options">Threads and kernel path, and the folder where a new model is kept, so that a resumed training begins with the same.</param>
    /// <param name="trainable">How the copy is made ready.</param>
    /// <param name="isResumed">Whether the folder holds the beginning already.</param>
    /// <param name="report">Told what takes long.</param>
    public static TrainableModel Open(TrainingPlan plan, TrainerOptions options, TrainableOptions trainable, bool isResumed, Action<string> report)
    {
        if (plan.New is null)
        {
            using var model = LanguageModel.Load(plan.Model, new LoadOptions { Threads = options.Threads, InstructionSet = options.InstructionSet });
            return TrainableModel.From(model, trainable);
        }
        var path = Path.Combine(options.Folder, "start.gguf");
        if (!isResumed || !File.Exists(path))
            Create(plan, path, options.Threads ?? Environment.ProcessorCount, report);
        using var start = GgufCheckpoint.OpenFile(path);
        return TrainableModel.From(start, trainable);
    }

    static void Create(TrainingPlan plan, string path, int threads, Action<string> report)
    {
        var tokenizer = TokenizerOf(plan, threads, report);
        using var checkpoint = LlamaWeights.Create(plan.New!, plan.Name, tokenizer, plan.Seed);
        using var writer = GgufWriter.Create(path, checkpoint.Metadata, checkpoint.Tensors, new SaveOptions { Existing = ExistingFiles.Replace });
        foreach (var tensor in checkpoint.Tensors)
            writer.Write(tensor.Name, checkpoint.Open(tensor.Name));
        writer.Complete();
    }

    static Tokenizer TokenizerOf(TrainingPlan plan, int threads, Action<string> report)
    {
        if (plan.Tokenizer is null)
            return Learn(plan, threads, report);
        if (Path.GetFileName(plan.Tokenizer) == "tokenizer.json")
            return Tokenizer.FromHuggingFace(File.ReadAllBytes(plan.Tokenizer));
        using var model = LanguageModel.Load(plan.Tokenizer, new LoadOptions { Threads = 1 });
        return model.Tokenizer;
    }

    /// <summary>A tokenizer of the texts that are trained on; what is held out decides nothing.</summary>
    static Tokenizer Learn(TrainingPlan plan, int threads, Action<string> report)
    {
        report($"a tokenizer of {plan.NewTokenizer.VocabularySize} tokens");
        var trainer = new BpeTrainer(plan.NewTokenizer with { Threads = threads });
        var split = TrainingData.SplitOf(plan);
        foreach (var document in TrainingData.CorpusOf(plan).Documents())
            if (!split.Holds(document))
                trainer.Add(document.Text);
        return trainer.Train();
    }
}
