using System;

namespace EdgeMl.Mcu.Link.Framing;

/// <summary>
/// Consistent Overhead Byte Stuffing (S. Cheshire, M. Baker, IEEE/ACM Transactions on Networking 7(2), 1999): bytes without a zero in them, so that a zero ends a frame. Works in place.
/// </summary>
public static class Cobs
{
    private const int RunMax = 254;

    /// <summary>Most bytes that a number of bytes becomes: one for each 254 more, and one.</summary>
    /// <param name="count">Number of bytes, 0 or more.</param>
    public static int EncodedMax(int count)
    {
        return count + (count / RunMax) + 1;
    }

    /// <summary>Encodes bytes into a place before them in the same buffer.</summary>
    /// <param name="buffer">The buffer.</param>
    /// <param name="offset">First byte to encode; at least <c>EncodedMax(count) - count</c> behind <paramref name="target"/>. The bytes are lost.</param>
    /// <param name="count">Number of bytes, 0 or more.</param>
    /// <param name="target">First place of the code.</param>
    /// <returns>Number of bytes of the code, 1 or more, none of them zero.</returns>
    public static int Encode(byte[] buffer, int offset, int count, int target)
    {
        int end = offset + count;
        int place = target;
        while (true)
        {
            int limit = end - offset > RunMax ? offset + RunMax : end;
            int at = offset;
            while (at < limit && buffer[at] != 0)
                at++;
            int run = at - offset;
            // The place of the code lies before the run, and the run moves to the place behind it.
            buffer[place++] = (byte)(run + 1);
            if (run > 0)
                Array.Copy(buffer, offset, buffer, place, run);
            place += run;
            if (at == end)
                return place - target;
            offset = run == RunMax ? at : at + 1;
        }
    }

    /// <summary>Decodes a code in its own place.</summary>
    /// <param name="buffer">The buffer.</param>
    /// <param name="offset">First byte of the code, and of what it becomes.</param>
    /// <param name="count">Number of bytes of the code, none of them zero.</param>
    /// <returns>Number of bytes that it stands for; -1 where the last run is cut off or a run's length is zero.</returns>
    public static int Decode(byte[] buffer, int offset, int count)
    {
        int end = offset + count;
        int place = offset;
        int target = offset;
        while (place < end)
        {
            int run = buffer[place++] - 1;
            if (run < 0 || run > end - place)
                return -1;
            if (run > 0)
                Array.Copy(buffer, place, buffer, target, run);
            place += run;
            target += run;
            if (run != RunMax && place < end)
                buffer[target++] = 0;
        }
        return target - offset;
    }
}
