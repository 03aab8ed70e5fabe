namespace EdgeMl.Mcu.Agent.Cbor;

/// <summary>UTF-8 (RFC 3629).</summary>
internal static class Utf8
{
    private const int Replacement = 0xFFFD;

    /// <summary>Bytes that characters take.</summary>
    internal static int Size(char[] text)
    {
        int size = 0;
        for (int i = 0; i < text.Length; i++)
        {
            int code = CodePoint(text, i);
            size += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
            if (code >= 0x10000)
                i++;
        }
        return size;
    }

    /// <summary>Encodes characters; a surrogate that has no partner becomes U+FFFD.</summary>
    internal static void Encode(char[] text, byte[] buffer, int index)
    {
        for (int i = 0; i < text.Length; i++)
        {
            int code = CodePoint(text, i);
            if (code < 0x80)
            {
                buffer[index++] = (byte)code;
                continue;
            }
            int extra = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
            if (extra == 3)
                i++;
            buffer[index++] = (byte)((0xF80 >> extra) | (code >> (6 * extra)));
            while (extra-- > 0)
                buffer[index++] = (byte)(0x80 | ((code >> (6 * extra)) & 0x3F));
        }
    }

    /// <summary>Number of UTF-16 characters of a range of bytes; -1 where the range is not UTF-8.</summary>
    internal static int Characters(byte[] data, int offset, int count)
    {
        int end = offset + count;
        int characters = 0;
        while (offset < end)
        {
            int extra = Extra(data[offset]);
            if (extra < 0 || extra >= end - offset)
                return -1;
            for (int i = 1; i <= extra; i++)
            {
                if ((data[offset + i] & 0xC0) != 0x80)
                    return -1;
            }
            if (extra >= 2 && !IsShortest(data[offset], data[offset + 1]))
                return -1;
            characters += extra == 3 ? 2 : 1;
            offset += 1 + extra;
        }
        return characters;
    }

    /// <summary>Decodes a range of bytes, which is UTF-8.</summary>
    /// <param name="data">Holds the bytes.</param>
    /// <param name="offset">Index of the first.</param>
    /// <param name="characters">What <see cref="Characters"/> gives for the range.</param>
    internal static string Decode(byte[] data, int offset, int characters)
    {
        var text = new char[characters];
        for (int i = 0; i < characters; i++)
        {
            int lead = data[offset++];
            int extra = Extra(lead);
            int code = extra == 0 ? lead : lead & (0x3F >> extra);
            while (extra-- > 0)
                code = (code << 6) | (data[offset++] & 0x3F);
            if (code >= 0x10000)
            {
                text[i++] = (char)(0xD7C0 + (code >> 10));
                code = 0xDC00 | (code & 0x3FF);
            }
            text[i] = (char)code;
        }
        return new string(text);
    }

    /// <summary>Bytes after a lead byte; -1 where it is none.</summary>
    private static int Extra(int lead)
    {
        return lead < 0x80 ? 0 : lead < 0xC2 ? -1 : lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : lead < 0xF5 ? 3 : -1;
    }

    /// <summary>Whether a sequence of three or four bytes is neither overlong, nor a surrogate, nor above U+10FFFF.</summary>
    private static bool IsShortest(int lead, int second)
    {
        return lead == 0xE0 ? second >= 0xA0 : lead == 0xED ? second < 0xA0 : lead == 0xF0 ? second >= 0x90 : lead != 0xF4 || second < 0x90;
    }

    private static int CodePoint(char[] text, int index)
    {
        int code = text[index];
        if ((code & 0xF800) != 0xD800)
            return code;
        int next = index + 1 < text.Length ? text[index + 1] : 0;
        return code < 0xDC00 && (next & 0xFC00) == 0xDC00 ? 0x10000 + ((code & 0x3FF) << 10) + (next & 0x3FF) : Replacement;
    }
}
