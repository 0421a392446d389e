namespace Brickwork.Tensors.Autograd;

/// <summary>A recorded operation that knows what the gradient of its output means for its inputs.</summary>
interface IGradient
{
    /// <summary>Adds to the gradients of the inputs; that of the output is complete by now.</summary>
    void Backward(Tape tape);
}
