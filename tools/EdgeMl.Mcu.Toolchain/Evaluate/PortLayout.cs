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
