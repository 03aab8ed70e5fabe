using EdgeMl.Mcu.Runtime.Arithmetic;
using EdgeMl.Mcu.Runtime.Format;

namespace EdgeMl.Mcu.Runtime.Typed;

/// <summary>The parameters of kernels that turn each element of one type into one of another. The output may stand in the place of an input of the same size.</summary>
public static class Conversion
{
    /// <summary>Parameter: offset of the input in the arena.</summary>
    public const int Input = 0;

    /// <summary>Parameter: offset of the output in the arena.</summary>
    public const int Output = 1;

    /// <summary>Parameter: number of elements.</summary>
    public const int Length = 2;

    /// <summary>Parameter: <see cref="TensorType"/> of the input.</summary>
    public const int InputType = 3;

    /// <summary>Parameter: <see cref="TensorType"/> of the output.</summary>
    public const int OutputType = 4;

    /// <summary>Number of parameters here; a kernel's own ones follow.</summary>
    public const int Count = 5;

    /// <summary>Checks the parameters.</summary>
    public static void Validate(LayerReader layer)
    {
        int count = layer.Dimension(Length);
        layer.Arena(Input, layer.Product(count, 1 << Element.SizeShift(layer.Range(InputType, 0, (int)TensorType.Int64))));
        layer.Arena(Output, layer.Product(count, 1 << Element.SizeShift(layer.Range(OutputType, 0, (int)TensorType.Int64))));
        layer.Weights(0);
    }

    /// <summary>Checks the parameters of a kernel whose input and output have elements of one size in bytes, whatever the types say.</summary>
    public static void Validate(LayerReader layer, int size)
    {
        int bytes = layer.Product(layer.Dimension(Length), size);
        layer.Arena(Input, bytes);
        layer.Arena(Output, bytes);
    }
}
