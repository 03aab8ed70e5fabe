using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Evaluate;

/// <summary>Converts one sample between the source model's layout (NCHW for an ONNX image) and the graph's (NHWC).</summary>
public static class PortLayout
{
    /// <summary>A sample of a port in the graph's layout.</summary>
    /// <param name="port">The input or output.</param>
    /// <param name="source">Elements in the source model's layout, row-major.</param>
    /// <exception cref="ToolchainException"><see cref="ErrorCodes.ShapeMismatch"/>: another number of elements than the port has.</exception>
    public static T[] ToDevice<T>(GraphPort port, ReadOnlySpan<T> source)
    {
        CheckLength(port, source.Length);
        if (!port.IsPermuted)
            return source.ToArray();
        var device = new T[source.Length];
        StridedCopy.Transpose(source, port.SourceShape, port.Permutation, device);
        return device;
    }

    /// <summary>A sample of a port in the source model's layout; the inverse of <see cref="ToDevice"/>.</summary>
    /// <param name="port">The input or output.</param>
    /// <param name="device">Elements in the graph's layout, row-major.</param>
    /// <exception cref="ToolchainException"><see cref="ErrorCodes.ShapeMismatch"/>: another number of elements than the port has.</exception>
    public static T[] ToSource<T>(GraphPort port, ReadOnlySpan<T> device)
    {
        CheckLength(port, device.Length);
        if (!port.IsPermuted)
            return device.ToArray();
        var inverse = new int[port.Permutation.Length];
        for (int axis = 0; axis < inverse.Length; axis++)
            inverse[port.Permutation[axis]] = axis;
        var source = new T[device.Length];
        StridedCopy.Transpose(device, port.SourceShape.Permute(port.Permutation), inverse, source);
        return source;
    }

    /// <summary>A sample of a port in the graph's layout, in a new array of the same type; see <see cref="ToDevice{T}"/>.</summary>
    public static Array ToDevice(GraphPort port, Array source) => port.Tensor.Type switch
    {
        ElementType.Float32 => ToDevice<float>(port, (float[])source),
        ElementType.Int8 => ToDevice<sbyte>(port, (sbyte[])source),
        ElementType.UInt8 => ToDevice<byte>(port, (byte[])source),
        ElementType.Int16 => ToDevice<short>(port, (short[])source),
        ElementType.Int32 => ToDevice<int>(port, (int[])source),
        ElementType.Int64 => ToDevice<long>(port, (long[])source),
        _ => ToDevice<bool>(port, (bool[])source),
    };

    /// <summary>A sample of a port in the source model's layout, in a new array of the same type; see <see cref="ToSource{T}"/>.</summary>
    public static Array ToSource(GraphPort port, Array device) => port.Tensor.Type switch
    {
        ElementType.Float32 => ToSource<float>(port, (float[])device),
        ElementType.Int8 => ToSource<sbyte>(port, (sbyte[])device),
        ElementType.UInt8 => ToSource<byte>(port, (byte[])device),
        ElementType.Int16 => ToSource<short>(port, (short[])device),
        ElementType.Int32 => ToSource<int>(port, (int[])device),
        ElementType.Int64 => ToSource<long>(port, (long[])device),
        _ => ToSource<bool>(port, (bool[])device),
    };

    private static void CheckLength(GraphPort port, int length)
    {
        if (length != port.SourceShape.ElementCount)
        {
            throw new ToolchainException(
                ErrorCodes.ShapeMismatch,
                $"'{port.Name}' has {port.SourceShape.ElementCount} elements ({port.SourceShape}), the sample has {length}.");
        }
    }
}
