#:project ../src/Brickwork.Training/Brickwork.Training.csproj
#:property PublishAot=false
// Fine-tunes the default model on a text and saves it: dotnet run examples/07-train.cs TEXT.txt FOLDER (run it again to go on where it stopped)
using Brickwork;

// Without a text: a few steps on the examples' own page.
var (text, folder) = args is [var given, var target] ? (given, target) : ("examples/README.md", Directory.CreateTempSubdirectory("fine-tuned").FullName);
var plan = TrainingPlan.ForText(text) with { Batch = new BatchPlan { Sequences = 4, Length = 64 }, Steps = args.Length == 2 ? null : 6 };

using var cancel = new CancellationTokenSource();
Console.CancelKeyPress += (_, press) => { press.Cancel = true; cancel.Cancel(); };     // saves a checkpoint first
var options = new TrainerOptions { Folder = folder, Existing = ExistingTraining.Resume };
var result = new Trainer(plan, options).Run(new Log(), cancel.Token);
Console.WriteLine($"{(result.IsComplete ? "Done" : "Stopped")} after step {result.StepsDone}: {result.Model}");

sealed class Log : IProgress<TrainingEvent>
{
    public void Report(TrainingEvent value) => Console.Write(value switch
    {
        TrainingStep { Step: var step } => $"step {step.Step}: {step.Loss:F3} nats per token\n",
        TrainingEvaluation { Evaluation: var measured } => $"held out: {measured.BitsPerByte:F3} bits per byte\n",
        TrainingSample { Sample: var sample } => $"> {sample.Prompt}{sample.Text}\n",
        _ => "",
    });
}
