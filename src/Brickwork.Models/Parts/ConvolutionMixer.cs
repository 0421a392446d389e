namespace Brickwork.Models.Parts;

/// <summary>output(gate(x) ⊙ convolution(inputGate(x) ⊙ input(x))): a token mixer that sees a few rows only (LFM2).</summary>
sealed record ConvolutionMixer : IPart
{
    public required IPart InputGate { get; init; }      // [T, D] -> [T, D]

    public required IPart Gate { get; init; }           // [T, D] -> [T, D]

    public required IPart Input { get; init; }          // [T, D] -> [T, D]

    public required IPart Convolution { get; init; }    // [T, D] -> [T, D]

    public required IPart Output { get; init; }         // [T, D] -> [T, D]

    public bool HasGradient => true;

    public IReadOnlyList<Slot> Slots =>
    [
        new("inputGate", InputGate, part => this with { InputGate = part }),
        new("gate", Gate, part => this with { Gate = part }),
        new("input", Input, part => this with { Input = part }),
        new("convolution", Convolution, part => this with { Convolution = part }),
        new("output", Output, part => this with { Output = part }),
    ];

    public Tensor Forward(Tensor input, ForwardContext context)
    {
        Tensor inputGate, gate, values;
        using (context.Share(input))
            (inputGate, gate, values) = (InputGate.Forward(input, context), Gate.Forward(input, context), Input.Forward(input, context));
        values = Convolution.Forward(context.Product(values, inputGate), context);
        return Output.Forward(context.Product(values, gate), context);
    }
}
