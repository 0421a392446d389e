#:project ../src/Brickwork.Training/Brickwork.Training.csproj
#:property PublishAot=false
// Fine-tunes the default model on a text file and saves it: dotnet run examples/07-train.cs TEXT.txt [FOLDER]
using Brickwork;

var text = args.Length > 0 ? args[0] : throw new ArgumentException("Name a text file.");
var plan = TrainingPlan.ForText(text) with { Steps = 60, Batch = new BatchPlan { Sequences = 8, Length = 128 } };
var options = new TrainerOptions { Folder = args.ElementAtOrDefault(1) ?? "fine-tuned", Existing = ExistingTraining.Resume };

using var cancel = new CancellationTokenSource();
Console.CancelKeyPress += (_, press) => { press.Cancel = true; cancel.Cancel(); };     // saves a checkpoint; the next run goes on from it
var result = new Trainer(plan, options).Run(new Log(), cancel.Token);
Console.WriteLine(result.IsComplete ? $"The model: {result.Model}" : $"Stopped after step {result.StepsDone}; run it again to go on.");

sealed class Log : IProgress<TrainingEvent>
{
    public void Report(TrainingEvent value) => Console.Write(value switch
    {
        TrainingStep { Step: { Step: var step, Loss: var loss } } when step % 10 == 0 => $"step {step}: {loss:F3} nats per token\n",
        TrainingEvaluation { Evaluation: var measured } => $"held out: {measured.BitsPerByte:F3} bits per byte\n",
        TrainingSample { Sample: var sample } => $"> {sample.Prompt}{sample.Text}\n",
        _ => "",
    });
}
