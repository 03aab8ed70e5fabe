using System;
using EdgeMl.Mcu.Runtime.Arithmetic;
using EdgeMl.Mcu.Runtime.Kernels;

namespace EdgeMl.Mcu.Runtime.Typed;

/// <summary>
/// Singular-value-decomposition filter of a stream: each step projects the int8 input onto F features, remembers the last M of each, and weighs them over time;
/// <c>rank</c> filters add up to one output. The memory, int8 or int16, stays in the arena from one inference to the next.
/// </summary>
/// <remarks>
/// State: [batches, F, M], the newest value last. Weights: features [F, inputs] int8, padding to a multiple of 4, bias [F / rank] int32, time [F, M] of the state's type.
/// The state's zero point is that of the memory's values only; weights have none.
/// </remarks>
public sealed class Svdf : Kernel
{
    /// <summary>Parameter: offset of the input [batches, inputs] in the arena.</summary>
    public const int Input = 0;

    /// <summary>Parameter: offset of the output [batches, F / rank] in the arena.</summary>
    public const int Output = 1;

    /// <summary>Parameter: offset of the state in the arena.</summary>
    public const int State = 2;

    /// <summary>Parameter: number of batches.</summary>
    public const int Batches = 3;

    /// <summary>Parameter: elements of the input of a batch.</summary>
    public const int InputDepth = 4;

    /// <summary>Parameter: F, a multiple of the rank.</summary>
    public const int Filters = 5;

    /// <summary>Parameter: filters of one output.</summary>
    public const int Rank = 6;

    /// <summary>Parameter: M.</summary>
    public const int Memory = 7;

    /// <summary>Parameter: bytes of an element of state and time weights, 1 or 2.</summary>
    public const int StateSize = 8;

    /// <summary>Parameter: zero point of the input.</summary>
    public const int InputZeroPoint = 9;

    /// <summary>Parameter: zero point of the state.</summary>
    public const int StateZeroPoint = 10;

    /// <summary>Parameter: zero point of the output.</summary>
    public const int OutputZeroPoint = 11;

    /// <summary>Parameters: Q0.31 multiplier and shift from products with the input to the state.</summary>
    public const int FeatureMultiplier = 12;

    /// <summary>Parameters: Q0.31 multiplier and shift from products over time to the output.</summary>
    public const int TimeMultiplier = 14;

    /// <summary>Number of parameters.</summary>
    public const int Count = 16;

    /// <inheritdoc/>
    public override int ParameterCount => Count;

    /// <inheritdoc/>
    public override void Validate(LayerReader layer)
    {
        int batches = layer.Dimension(Batches);
        int inputDepth = layer.Dimension(InputDepth);
        int filters = layer.Dimension(Filters);
        int rank = layer.Dimension(Rank);
        int size = layer.Range(StateSize, 1, 2);
        layer.Check(filters % rank == 0);
        int memory = layer.Product(layer.Product(filters, layer.Dimension(Memory)), size);
        layer.Arena(Input, layer.Product(batches, inputDepth));
        layer.Arena(Output, layer.Product(batches, filters / rank));
        layer.Arena(State, layer.Product(batches, memory));
        layer.Range(InputZeroPoint, -128, 127);
        layer.Range(StateZeroPoint, -128, 127);
        layer.Range(OutputZeroPoint, -128, 127);
        for (int i = FeatureMultiplier; i <= TimeMultiplier; i += 2)
        {
            layer.Range(i, 0, int.MaxValue);
            layer.Range(i + 1, -31, 30);
        }
        layer.Weights(ChannelTable.Start(0, layer.Product(filters, inputDepth)) + (4L * (filters / rank)) + memory);
    }

    /// <inheritdoc/>
    public override void ResetState(Frame frame)
    {
        int size = frame.Int(StateSize);
        int start = frame.Int(State);
        int end = start + (frame.Int(Batches) * frame.Int(Filters) * frame.Int(Memory) * size);
        int zero = frame.Int(StateZeroPoint);
        for (int i = start; i < end; i += size)
            WriteState(frame.Arena, i, size, zero);
    }

    /// <inheritdoc/>
    public override void Run(Frame frame)
    {
        int batches = frame.Int(Batches);
        int filters = frame.Int(Filters);
        int rank = frame.Int(Rank);
        int inputDepth = frame.Int(InputDepth);
        int units = filters / rank;
        int rowBytes = frame.Int(Memory) * frame.Int(StateSize);
        int bias = ChannelTable.Start(frame.WeightOffset, filters * inputDepth);
        int time = bias + (4 * units);
        int x = frame.Int(Input);
        int y = frame.Int(Output);
        int row = frame.Int(State);
        for (int b = 0; b < batches; b++)
        {
            int filter = 0;
            for (int u = 0; u < units; u++)
            {
                int sum = BitConverter.ToInt32(frame.Weights, bias + (4 * u));
                for (int r = 0; r < rank; r++)
                {
                    Remember(frame, row, rowBytes, Feature(frame, x, frame.WeightOffset + (filter * inputDepth), inputDepth));
                    sum += OverTime(frame, row, time + (filter * rowBytes), rowBytes);
                    row += rowBytes;
                    filter++;
                }
                int value = FixedPoint.MultiplyByQuantizedMultiplier(sum, frame.Int(TimeMultiplier), frame.Int(TimeMultiplier + 1)) + frame.Int(OutputZeroPoint);
                if (value < -128)
                    value = -128;
                if (value > 127)
                    value = 127;
                frame.Arena[y++] = (sbyte)value;
            }
            x += inputDepth;
        }
    }

    /// <summary>The input's projection onto a feature, held within the state's type, then with its zero point.</summary>
    private static int Feature(Frame frame, int x, int w, int depth)
    {
        sbyte[] arena = frame.Arena;
        byte[] weights = frame.Weights;
        int zeroPoint = frame.Int(InputZeroPoint);
        int sum = 0;
        int end = x + depth;
        while (x < end)
            sum += (arena[x++] - zeroPoint) * (sbyte)weights[w++];
        sum = FixedPoint.MultiplyByQuantizedMultiplier(sum, frame.Int(FeatureMultiplier), frame.Int(FeatureMultiplier + 1));
        int greatest = frame.Int(StateSize) == 2 ? short.MaxValue : 127;
        if (sum > greatest)
            sum = greatest;
        if (sum < -greatest - 1)
            sum = -greatest - 1;
        return sum + frame.Int(StateZeroPoint);
    }

    /// <summary>Drops the oldest value of a row of the state and appends one.</summary>
    private static void Remember(Frame frame, int row, int bytes, int value)
    {
        sbyte[] arena = frame.Arena;
        int size = frame.Int(StateSize);
        int last = row + bytes - size;
        for (int i = row; i < last; i++)
            arena[i] = arena[i + size];
        WriteState(arena, last, size, value);
    }

    private static int OverTime(Frame frame, int row, int w, int bytes)
    {
        sbyte[] arena = frame.Arena;
        byte[] weights = frame.Weights;
        int zeroPoint = frame.Int(StateZeroPoint);
        int sum = 0;
        int end = row + bytes;
        if (frame.Int(StateSize) == 1)
        {
            while (row < end)
                sum += (arena[row++] - zeroPoint) * (sbyte)weights[w++];
            return sum;
        }
        for (; row < end; row += 2, w += 2)
            sum += (Element.ReadInt16(arena, row) - zeroPoint) * BitConverter.ToInt16(weights, w);
        return sum;
    }

    private static void WriteState(sbyte[] arena, int offset, int size, int value)
    {
        arena[offset] = (sbyte)value;
        if (size == 2)
            arena[offset + 1] = (sbyte)(value >> 8);
    }
}
