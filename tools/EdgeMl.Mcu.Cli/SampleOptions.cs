using System.CommandLine;

namespace EdgeMl.Mcu.Cli;

/// <summary>Arguments and options that several verbs share.</summary>
internal static class SampleOptions
{
    /// <summary>The model to open.</summary>
    public static Argument<string> Model() => new("MODEL") { Description = "A model: .emlm, .tflite or .onnx." };

    /// <summary><c>--input</c></summary>
    public static Option<string[]> Input() => new("--input", "-i")
    {
        Description = "Input samples (.npy, .csv, .bin), in the source model's layout; repeatable. Without NAME= in the model's order.",
        HelpName = "[NAME=]FILE",
        Required = true,
    };

    /// <summary><c>--no-optimize</c></summary>
    public static Option<bool> NoOptimize() => new("--no-optimize")
    {
        Description = "Leave out the lossless passes: fused activations and padding, removal of channels that cannot influence the outputs.",
    };

    /// <summary><c>--calibration</c></summary>
    public static Option<string[]> Calibration() => new("--calibration", "-c")
    {
        Description = "Typical input samples (.npy, .csv, .bin), a few hundred, in the source model's layout; repeatable, one for each input.",
        HelpName = "[NAME=]FILE",
        Required = true,
    };

    /// <summary><c>--raw</c></summary>
    public static Option<bool> Raw() => new("--raw")
    {
        Description = "Take and give the integers of an int8 model as they are; otherwise .npy and .csv hold real numbers. .bin is always raw.",
    };
}
