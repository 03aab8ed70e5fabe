#if NET
using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EdgeMl.Mcu.Runtime.Host;

/// <summary>Steps of 16 int8 values that the portable vector types lack, or do in more instructions than x86 needs.</summary>
internal static class Lanes
{
    /// <summary>Elements of one step.</summary>
    internal const int Step = 16;

    /// <summary>The next multiple of <see cref="Step"/>.</summary>
    internal static int RoundUp(int count)
    {
        return (count + Step - 1) & -Step;
    }

    /// <summary>Sign-extends 16 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<short> Widen(Vector128<sbyte> values)
    {
        if (Avx2.IsSupported)
            return Avx2.ConvertToVector256Int16(values);
        (Vector128<short> lower, Vector128<short> upper) = Vector128.Widen(values);
        return Vector256.Create(lower, upper);
    }

    /// <summary>Sign-extends values; the target is at least as long.</summary>
    internal static void Widen(ReadOnlySpan<sbyte> values, Span<short> target)
    {
        int i = 0;
        target = target.Slice(0, values.Length);
        for (; i <= values.Length - Step; i += Step)
            Widen(Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(values), (nuint)i)).StoreUnsafe(ref MemoryMarshal.GetReference(target), (nuint)i);
        for (; i < values.Length; i++)
            target[i] = values[i];
    }

    /// <summary>Adds products of int8 values to sums; which sum gets which product is not said. A product of two int8 values fits in 16 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<int> MultiplyAdd(Vector256<int> sums, Vector256<short> a, Vector256<short> b)
    {
        if (Avx2.IsSupported)
            return sums + Avx2.MultiplyAddAdjacent(a, b);
        Vector256<short> product = a * b;
        return sums + Vector256.WidenLower(product) + Vector256.WidenUpper(product);
    }

    /// <summary>The sum of each of four vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<int> SumEach(Vector256<int> a, Vector256<int> b, Vector256<int> c, Vector256<int> d)
    {
        if (!Avx2.IsSupported)
            return Vector128.Create(Vector256.Sum(a), Vector256.Sum(b), Vector256.Sum(c), Vector256.Sum(d));
        Vector256<int> sums = Avx2.HorizontalAdd(Avx2.HorizontalAdd(a, b), Avx2.HorizontalAdd(c, d));
        return sums.GetLower() + sums.GetUpper();
    }
}
#endif
