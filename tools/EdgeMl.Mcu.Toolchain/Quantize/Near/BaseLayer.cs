using System.Buffers.Binary;
using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Runtime.Kernels;
using EdgeMl.Mcu.Toolchain.Calibrating;
using EdgeMl.Mcu.Toolchain.Plan;
using EdgeMl.Mcu.Toolchain.Pruning;
using DepthwiseKernel = EdgeMl.Mcu.Runtime.Kernels.DepthwiseConv2D;
using Kernel = EdgeMl.Mcu.Runtime.Kernels.Conv2D;
using LinearKernel = EdgeMl.Mcu.Runtime.Kernels.FullyConnected;

namespace EdgeMl.Mcu.Toolchain.Quantizing;

/// <summary>A linear layer of a base as its file holds it: integers and the multiplier of each output, no scales.</summary>
internal sealed class BaseLayer
{
    private readonly sbyte[] _weights;
    private readonly int[] _biases;
    private readonly int _zeroPoint;

    private BaseLayer(string name, DeviceLinearLayer layer, QuantizedMultiplier[] multipliers, int outputZeroPoint)
    {
        Name = name;
        Linear = layer.Linear;
        Multipliers = multipliers;
        OutputZeroPoint = outputZeroPoint;
        _weights = (sbyte[])layer.Node.Inputs[1]!.Data!;
        _biases = (int[])layer.Node.Inputs[2]!.Data!;
        _zeroPoint = layer.Node.Input.Quantization!.ZeroPoint;
    }

    /// <summary>Name of the node that it comes from, as far as the file holds it.</summary>
    public string Name { get; }

    /// <summary>Outputs and taps.</summary>
    public LinearNode Linear { get; }

    /// <summary>Scale of the input times that of the weights over that of the output, of each output.</summary>
    public QuantizedMultiplier[] Multipliers { get; }

    /// <summary>Zero point of the output.</summary>
    public int OutputZeroPoint { get; }

    /// <summary>Reads a layer with a plain kernel; null where its weights have a zero point.</summary>
    public static BaseLayer? Of(DeviceLayer layer, DeviceLinearLayer linear)
    {
        if (linear.Node.Inputs[1]!.Quantization!.ZeroPoint != 0)
            return null;
        int zeroPoint = layer.Parameters[layer.Kernel switch
        {
            OpCode.FullyConnected => LinearKernel.OutputZeroPoint,
            OpCode.Conv2D => Kernel.OutputZeroPoint,
            _ => DepthwiseKernel.OutputZeroPoint,
        }];
        return new BaseLayer(layer.ShortName, linear, ReadMultipliers(layer.Weights, linear.Linear), zeroPoint);
    }

    /// <summary>Real value of a multiplier.</summary>
    public static double Value(QuantizedMultiplier multiplier) => Math.ScaleB(multiplier.Multiplier, multiplier.Shift - 31);

    /// <summary>The multipliers of a layer's table.</summary>
    public static QuantizedMultiplier[] ReadMultipliers(byte[] weights, LinearNode linear)
    {
        byte[] table = weights[ChannelTable.Start(0, linear.Outputs * linear.Taps)..];
        return [.. Enumerable.Range(0, linear.Outputs).Select(output => new QuantizedMultiplier(
            BinaryPrimitives.ReadInt32LittleEndian(table.AsSpan(4 * (linear.Outputs + output))), (sbyte)table[(8 * linear.Outputs) + output]))];
    }

    /// <summary>The weights of an output in the order of its taps.</summary>
    public int[] Row(int output) => [.. Enumerable.Range(0, Linear.Taps).Select(tap => (int)_weights[Linear.WeightIndex(output, tap)])];

    /// <summary>The bias of an output for the zero point of the input, which a file need not hold.</summary>
    public int Bias(int output, int inputZeroPoint) => unchecked(_biases[output] + ((inputZeroPoint - _zeroPoint) * Row(output).Sum()));
}
