using System;

namespace EdgeMl.Mcu.Runtime.Format;

/// <summary>Strings of a model file: uint16 number of bytes, then UTF-8. Offset 0 means that there is none.</summary>
internal static class ModelString
{
    /// <summary>Bytes of the string at an offset, its length included.</summary>
    internal static int Size(byte[] data, int offset)
    {
        return 2 + BitConverter.ToUInt16(data, offset);
    }

    /// <summary>Whether <paramref name="count"/> strings, one after another, lie wholly before <paramref name="end"/>; offset 0 is always right.</summary>
    internal static bool IsValid(byte[] data, int offset, int count, int end)
    {
        if (offset == 0)
            return true;
        if (offset < ModelFormat.Header.Size)
            return false;
        for (int i = 0; i < count; i++)
        {
            if (offset > end - 2)
                return false;
            int size = Size(data, offset);
            if (size > 2 + ModelFormat.MaxStringBytes || offset > end - size)
                return false;
            offset += size;
        }
        return true;
    }

    /// <summary>Decodes the string at an offset; bytes that are no UTF-8, and characters beyond U+FFFF, give U+FFFD.</summary>
    internal static string Read(byte[] data, int offset)
    {
        if (offset == 0)
            return "";
        int end = offset + Size(data, offset);
        var text = new char[end - offset - 2];
        int length = 0;
        int i = offset + 2;
        while (i < end)
        {
            int lead = data[i++];
            int extra = lead < 0x80 ? 0 : lead >= 0xC2 && lead < 0xE0 ? 1 : lead >= 0xE0 && lead < 0xF0 ? 2 : lead >= 0xF0 && lead < 0xF5 ? 3 : 0;
            int code = lead < 0x80 ? lead : extra == 1 ? lead & 0x1F : extra == 2 ? lead & 0x0F : extra == 3 ? lead & 0x07 : 0xFFFD;
            while (extra > 0 && i < end && (data[i] & 0xC0) == 0x80)
            {
                code = (code << 6) | (data[i++] & 0x3F);
                extra--;
            }
            text[length++] = extra > 0 || code > 0xFFFF ? '\uFFFD' : (char)code;
        }
        return new string(text, 0, length);
    }
}
