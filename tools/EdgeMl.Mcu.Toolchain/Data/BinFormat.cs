using System.Runtime.InteropServices;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Data;

/// <summary>Headerless little-endian samples in the model's own input or output type, one after another (.bin).</summary>
public static class BinFormat
{
    /// <summary>Parses the content of a file.</summary>
    /// <param name="content">The whole file: a whole number of samples, at least one.</param>
    /// <param name="name">Name of the file, for messages.</param>
    /// <param name="port">The input or output that the samples are for.</param>
    /// <exception cref="ToolchainException"><c>data.bin-invalid</c>.</exception>
    public static SampleSet Parse(ReadOnlySpan<byte> content, string name, GraphPort port)
    {
        int sampleBytes = port.Tensor.ByteCount;
        if (content.IsEmpty)
            throw Invalid(name, "the file is empty", port);
        if (content.Length % sampleBytes != 0)
            throw Invalid(name, $"its {content.Length} bytes are no multiple of the sample's {sampleBytes} (remainder {content.Length % sampleBytes})", port);
        if (port.Tensor.Type == ElementType.Bool && content.ContainsAnyExceptInRange((byte)0, (byte)1))
            throw Invalid(name, "a boolean element is neither 0 nor 1", port);
        return new SampleSet(port, port.Tensor.Type switch
        {
            ElementType.Float32 => MemoryMarshal.Cast<byte, float>(content).ToArray(),
            ElementType.Int8 => MemoryMarshal.Cast<byte, sbyte>(content).ToArray(),
            ElementType.UInt8 => content.ToArray(),
            ElementType.Int16 => MemoryMarshal.Cast<byte, short>(content).ToArray(),
            ElementType.Int32 => MemoryMarshal.Cast<byte, int>(content).ToArray(),
            ElementType.Int64 => MemoryMarshal.Cast<byte, long>(content).ToArray(),
            _ => MemoryMarshal.Cast<byte, bool>(content).ToArray(),
        });
    }

    /// <summary>The content of a file that holds the samples.</summary>
    public static byte[] Write(SampleSet samples)
    {
        var content = new byte[Buffer.ByteLength(samples.Values)];
        Buffer.BlockCopy(samples.Values, 0, content, 0, content.Length);
        return content;
    }

    private static ToolchainException Invalid(string name, string reason, GraphPort port) =>
        new(ErrorCodes.BinInvalid, $"'{name}' is no usable .bin file: {reason}.",
            $"'{port.Name}' is {port.Tensor.Type.JsonName()} {port.SourceShape}, {port.Tensor.ByteCount} bytes a sample, without a header.");
}
