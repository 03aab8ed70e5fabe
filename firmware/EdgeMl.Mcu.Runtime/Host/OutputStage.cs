#if NET
using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using EdgeMl.Mcu.Runtime.Arithmetic;
using EdgeMl.Mcu.Runtime.Kernels;

namespace EdgeMl.Mcu.Runtime.Host;

/// <summary>From int32 sums to int8 outputs: bias, requantisation, zero point, activation range, for the channels of one <see cref="ChannelTable"/>.</summary>
internal readonly ref struct OutputStage
{
    private readonly ReadOnlySpan<int> _bias;
    private readonly ReadOnlySpan<int> _multipliers;
    private readonly ReadOnlySpan<sbyte> _shifts;
    private readonly int _zeroPoint;
    private readonly int _low;
    private readonly int _high;

    internal OutputStage(byte[] weights, int table, int channels, int zeroPoint, int low, int high)
    {
        _bias = MemoryMarshal.Cast<byte, int>(weights.AsSpan(table, channels << 2));
        _multipliers = MemoryMarshal.Cast<byte, int>(weights.AsSpan(table + (channels << 2), channels << 2));
        _shifts = MemoryMarshal.Cast<byte, sbyte>(weights.AsSpan(table + (channels << 3), channels));
        _zeroPoint = zeroPoint;
        _low = low;
        _high = high;
    }

    /// <summary>Outputs of as many channels as there are sums, from <paramref name="channel"/> on.</summary>
    internal void Apply(ReadOnlySpan<int> sums, int channel, Span<sbyte> outputs)
    {
        int i = 0;
        outputs = outputs.Slice(0, sums.Length);
        if (Avx2.IsSupported)
        {
            ReadOnlySpan<int> bias = _bias.Slice(channel, sums.Length);
            ReadOnlySpan<int> multipliers = _multipliers.Slice(channel, sums.Length);
            ReadOnlySpan<sbyte> shifts = _shifts.Slice(channel, sums.Length);
            for (; i <= sums.Length - 8; i += 8)
            {
                Vector256<int> value = Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(sums), (nuint)i) + Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(bias), (nuint)i);
                Vector256<int> multiplier = Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(multipliers), (nuint)i);
                long eightShifts = Unsafe.ReadUnaligned<long>(ref Unsafe.As<sbyte, byte>(ref Unsafe.Add(ref MemoryMarshal.GetReference(shifts), i)));
                value = Requantize(value, multiplier, Avx2.ConvertToVector256Int32(Vector128.CreateScalarUnsafe(eightShifts).AsSByte())) + Vector256.Create(_zeroPoint);
                value = Vector256.Max(Vector256.Min(value, Vector256.Create(_high)), Vector256.Create(_low));
                Vector128<short> halves = Vector128.Narrow(value.GetLower(), value.GetUpper());
                long eight = Vector128.Narrow(halves, halves).AsInt64().ToScalar();
                Unsafe.WriteUnaligned(ref Unsafe.As<sbyte, byte>(ref Unsafe.Add(ref MemoryMarshal.GetReference(outputs), i)), eight);
            }
        }
        for (; i < sums.Length; i++)
        {
            int c = channel + i;
            int value = FixedPoint.MultiplyByQuantizedMultiplier(sums[i] + _bias[c], _multipliers[c], _shifts[c]) + _zeroPoint;
            outputs[i] = (sbyte)(value < _low ? _low : value > _high ? _high : value);
        }
    }

    /// <summary>
    /// <see cref="FixedPoint.MultiplyByQuantizedMultiplier"/> on eight lanes. The product after its first rounding fits in 32 bits, so the second
    /// one, half away from zero, is a shift and a comparison of what it drops.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Requantize(Vector256<int> value, Vector256<int> multiplier, Vector256<int> shift)
    {
        Vector256<uint> left = Vector256.Max(shift, Vector256<int>.Zero).AsUInt32();
        Vector256<uint> right = Vector256.Max(-shift, Vector256<int>.Zero).AsUInt32();
        value = Avx2.ShiftLeftLogicalVariable(value, left);
        Vector256<long> half = Vector256.Create(0x40000000L);
        Vector256<long> even = Avx2.Multiply(value, multiplier) + half;
        Vector256<long> odd = Avx2.Multiply(Vector256.ShiftRightLogical(value.AsInt64(), 32).AsInt32(), Vector256.ShiftRightLogical(multiplier.AsInt64(), 32).AsInt32()) + half;
        Vector256<int> high = Avx2.Blend(Vector256.ShiftRightLogical(even, 31).AsInt32(), Vector256.ShiftLeft(odd, 1).AsInt32(), 0b10101010);
        Vector256<int> mask = Avx2.ShiftLeftLogicalVariable(Vector256<int>.One, right) - Vector256<int>.One;
        Vector256<int> threshold = Vector256.ShiftRightLogical(mask, 1) - Vector256.ShiftRightArithmetic(high, 31);
        Vector256<int> roundsUp = Vector256.GreaterThan(high & mask, threshold);
        return Avx2.ShiftRightArithmeticVariable(high, right) - roundsUp;
    }
}
#endif
