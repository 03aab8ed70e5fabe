using System;
using EdgeMl.Mcu.Runtime.Format;
using H = EdgeMl.Mcu.Runtime.Format.ModelFormat.Header;
using L = EdgeMl.Mcu.Runtime.Format.ModelFormat.LayerRecord;

namespace EdgeMl.Mcu.Runtime;

/// <summary>Opens a model file that stays outside RAM.</summary>
internal static class PagedModel
{
    /// <summary>Bytes read at once for the checksum.</summary>
    private const int BlockBytes = 256;

    /// <summary>Checks header and checksum, and gives all before the weights and a page for the largest layer.</summary>
    public static Error Open(ByteSource source, int pageBytesMax, out byte[] head, out byte[] page)
    {
        head = null;
        page = null;
        int length = source.Length;
        byte[] header = new byte[length < H.Size ? length : H.Size];
        if (!source.Read(0, header, 0, header.Length))
            return Error.SourceFailed;
        Error error = ModelHeader.Validate(header, length);
        if (error != Error.None)
            return error;
        error = VerifyChecksum(source, length - 4);
        if (error == Error.None)
            error = ModelHeader.ValidateLayout(header);
        if (error != Error.None)
            return error;
        head = new byte[BitConverter.ToInt32(header, H.WeightsOffset)];
        if (!source.Read(0, head, 0, head.Length))
            return Error.SourceFailed;
        int largest = LargestLayer(head);
        if (largest < 0)
            return Error.BadLayer;
        if (largest > pageBytesMax)
            return Error.PageTooSmall;
        page = new byte[largest];
        return Error.None;
    }

    private static Error VerifyChecksum(ByteSource source, int end)
    {
        byte[] block = new byte[BlockBytes];
        if (!Crc32.TryCompute(source, end, block, out uint checksum) || !source.Read(end, block, 0, 4))
            return Error.SourceFailed;
        return checksum == (uint)BitConverter.ToInt32(block, 0) ? Error.None : Error.Checksum;
    }

    /// <summary>Most bytes of weights of one layer, or -1 where a record reaches outside the file.</summary>
    private static int LargestLayer(byte[] head)
    {
        int weightsLength = BitConverter.ToInt32(head, H.WeightsLengthOffset);
        int count = BitConverter.ToUInt16(head, H.LayerCountOffset);
        int record = BitConverter.ToInt32(head, H.LayersOffset);
        int largest = 0;
        for (int i = 0; i < count; i++)
        {
            if (record > head.Length - L.Size)
                return -1;
            int length = BitConverter.ToInt32(head, record + L.WeightsLengthOffset);
            if (length < 0 || length > weightsLength)
                return -1;
            if (length > largest)
                largest = length;
            record += L.Size + (BitConverter.ToUInt16(head, record + L.ParameterCountOffset) << 2);
        }
        return largest;
    }
}
