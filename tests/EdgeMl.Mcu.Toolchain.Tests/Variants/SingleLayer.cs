using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Plan;

namespace EdgeMl.Mcu.Toolchain.Tests.Variants;

/// <summary>A device model of one int8 layer with one input and one output, on the device's own kernels.</summary>
internal static class SingleLayer
{
    private static readonly Quantization Scale = new(1f, 0);

    /// <summary>A layer that reads parameter <paramref name="input"/> and writes parameter <paramref name="output"/>.</summary>
    public static DeviceLayer Create(OpCode kernel, int[] parameters, byte[] weights, int input, int inputBytes, int output, Shape outputShape)
    {
        var from = new ArenaBuffer("x", inputBytes) { FirstStep = -1, LastStep = 0 };
        var to = new ArenaBuffer("y", outputShape.ElementCount) { FirstStep = 0, LastStep = 1 };
        return new DeviceLayer
        {
            Name = "layer",
            Operator = kernel.ToString(),
            Kernel = kernel,
            Parameters = parameters,
            Reads = [new ArenaReference(input, from, 0)],
            Writes = [new ArenaReference(output, to, 0)],
            Weights = weights,
            OutputShape = outputShape,
        };
    }

    /// <summary>The model file.</summary>
    public static byte[] Write(DeviceLayer layer)
    {
        ArenaBuffer from = layer.Reads[0].Buffer;
        ArenaBuffer to = layer.Writes[0].Buffer;
        var program = new DeviceProgram("single", [Port(from)], [Port(to)], [layer], [from, to]);
        return EmlmWriter.Write(program, ArenaPlanner.Place(program));
    }

    /// <summary>What the device computes.</summary>
    public static sbyte[] Run(DeviceLayer layer, sbyte[] input)
    {
        var interpreter = new Interpreter(Model.Load(Write(layer)));
        interpreter.SetInput(0, input);
        // What lies in the scratch from another layer must not matter.
        interpreter.Arena.AsSpan(interpreter.Model.ArenaBytes).Fill(77);
        ForcedVariant.OnDeviceKernels(interpreter.Invoke);
        var output = new sbyte[interpreter.Model.Output(0).Count];
        interpreter.GetOutput(0, output);
        return output;
    }

    private static DevicePort Port(ArenaBuffer buffer) =>
        new(new GraphPort(new Tensor(buffer.Name, ElementType.Int8, new Shape(1, buffer.Bytes), Scale)), buffer, TensorType.Int8, Scale, TensorEdge.None);
}
