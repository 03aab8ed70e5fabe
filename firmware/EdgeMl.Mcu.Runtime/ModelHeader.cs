using System;
using EdgeMl.Mcu.Runtime.Format;
using H = EdgeMl.Mcu.Runtime.Format.ModelFormat.Header;

namespace EdgeMl.Mcu.Runtime;

/// <summary>Checks the header of a model file.</summary>
internal static class ModelHeader
{
    /// <summary>Whether the data begins as a file of this version, and is as long as it says.</summary>
    /// <param name="head">At least <see cref="H.Size"/> bytes of the file, or the whole of a shorter one.</param>
    /// <param name="length">Bytes of the whole file.</param>
    public static Error Validate(byte[] head, int length)
    {
        if (head == null || length < H.Size + 4)
            return head != null && length >= 4 && BitConverter.ToInt32(head, H.MagicOffset) != ModelFormat.Magic ? Error.NotAModel : Error.Truncated;
        if (BitConverter.ToInt32(head, H.MagicOffset) != ModelFormat.Magic)
            return Error.NotAModel;
        if (BitConverter.ToUInt16(head, H.VersionOffset) != ModelFormat.Version)
            return Error.FormatVersion;
        int stated = BitConverter.ToInt32(head, H.LengthOffset);
        if (stated > length)
            return Error.Truncated;
        return stated < length ? Error.TrailingData : Error.None;
    }

    /// <summary>Whether sizes, counts and sections are in their ranges, for a file that is as long as it says and whose checksum is right.</summary>
    public static Error ValidateLayout(byte[] head)
    {
        if (BitConverter.ToUInt16(head, H.AbiOffset) > ModelFormat.RuntimeAbi)
            return Error.RuntimeTooOld;
        int arena = BitConverter.ToInt32(head, H.ArenaOffset);
        int lanes = BitConverter.ToInt32(head, H.LanesOffset);
        int strip = BitConverter.ToInt32(head, H.StripOffset);
        if (arena < 1 || arena > ModelFormat.MaxBytes || lanes < 0 || lanes > ModelFormat.MaxBytes || (lanes & 7) != 0 || strip < 0 || strip > ModelFormat.MaxBytes)
            return Error.BadHeader;
        int inputs = head[H.InputCountOffset];
        int outputs = head[H.OutputCountOffset];
        if (inputs < 1 || inputs > ModelFormat.MaxPorts || outputs < 1 || outputs > ModelFormat.MaxPorts)
            return Error.BadHeader;
        int end = BitConverter.ToInt32(head, H.LengthOffset) - 4;
        int records = H.Size + ((inputs + outputs) * ModelFormat.TensorRecord.Size);
        int layers = BitConverter.ToInt32(head, H.LayersOffset);
        int weights = BitConverter.ToInt32(head, H.WeightsOffset);
        int weightsLength = BitConverter.ToInt32(head, H.WeightsLengthOffset);
        if (records > end || layers < records || layers > end || weights < layers || weightsLength < 0 || weights > end - weightsLength)
            return Error.BadHeader;
        return Error.None;
    }
}
