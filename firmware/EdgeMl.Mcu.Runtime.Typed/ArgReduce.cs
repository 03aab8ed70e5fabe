using EdgeMl.Mcu.Runtime.Arithmetic;
using EdgeMl.Mcu.Runtime.Format;

namespace EdgeMl.Mcu.Runtime.Typed;

/// <summary>Index of the greatest (ArgMax) or least (ArgMin) element along an axis, the lowest index among equals.</summary>
/// <remarks>The input is [outer, depth, inner], the output [outer, inner] of int32 or int64. No weights.</remarks>
public sealed class ArgReduce : Kernel
{
    /// <summary>Parameter: offset of the input in the arena.</summary>
    public const int Input = 0;

    /// <summary>Parameter: offset of the output in the arena.</summary>
    public const int Output = 1;

    /// <summary>Parameter: product of the dimensions before the axis.</summary>
    public const int Outer = 2;

    /// <summary>Parameter: size of the axis.</summary>
    public const int Depth = 3;

    /// <summary>Parameter: product of the dimensions behind the axis.</summary>
    public const int Inner = 4;

    /// <summary>Parameter: <see cref="TensorType"/> of the input.</summary>
    public const int InputType = 5;

    /// <summary>Parameter: <see cref="TensorType"/> of the output.</summary>
    public const int OutputType = 6;

    /// <summary>Parameter: 1 for the greatest, 0 for the least element.</summary>
    public const int Greatest = 7;

    /// <summary>Number of parameters.</summary>
    public const int Count = 8;

    /// <inheritdoc/>
    public override int ParameterCount => Count;

    /// <inheritdoc/>
    public override void Validate(LayerReader layer)
    {
        int outputs = layer.Product(layer.Dimension(Outer), layer.Dimension(Inner));
        int inputSize = 1 << Element.SizeShift(layer.Range(InputType, 0, (int)TensorType.UInt8));
        int outputSize = 1 << Element.SizeShift(layer.Range(OutputType, 0, (int)TensorType.Int64));
        layer.Arena(Input, layer.Product(layer.Product(outputs, layer.Dimension(Depth)), inputSize));
        layer.Arena(Output, layer.Product(outputs, outputSize));
        layer.Range(Greatest, 0, 1);
        layer.Weights(0);
    }

    /// <inheritdoc/>
    public override void Run(Frame frame)
    {
        sbyte[] arena = frame.Arena;
        int outer = frame.Int(Outer);
        int depth = frame.Int(Depth);
        int inner = frame.Int(Inner);
        int inputType = frame.Int(InputType);
        int outputType = frame.Int(OutputType);
        bool greatest = frame.Int(Greatest) != 0;
        int size = 1 << Element.SizeShift(inputType);
        int outputSize = 1 << Element.SizeShift(outputType);
        int step = inner * size;
        int y = frame.Int(Output);
        for (int i = 0; i < outer; i++)
        {
            int row = frame.Int(Input) + (i * depth * step);
            for (int j = 0; j < inner; j++)
            {
                int x = row + (j * size);
                int best = 0;
                int extreme = Element.Read(arena, x, inputType);
                for (int k = 1; k < depth; k++)
                {
                    x += step;
                    int value = Element.Read(arena, x, inputType);
                    if (greatest ? value > extreme : value < extreme)
                    {
                        extreme = value;
                        best = k;
                    }
                }
                Element.Write(arena, y, outputType, best);
                y += outputSize;
            }
        }
    }
}
