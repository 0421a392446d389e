namespace Brickwork.Kernels.Elementwise;

/// <summary>Whether a norm has a gain, known when the code is compiled.</summary>
interface IGain
{
    static abstract T Weigh<T>(T value, T gain) where T : struct, ILanes<T>;
}

/// <summary>value · gain.</summary>
readonly struct WithGain : IGain
{
    public static T Weigh<T>(T value, T gain) where T : struct, ILanes<T> => value * gain;
}

/// <summary>The value itself; what stands for the gain is not looked at.</summary>
readonly struct WithoutGain : IGain
{
    public static T Weigh<T>(T value, T gain) where T : struct, ILanes<T> => value;
}
