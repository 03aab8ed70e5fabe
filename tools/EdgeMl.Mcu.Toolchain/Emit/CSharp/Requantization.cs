namespace EdgeMl.Mcu.Toolchain.Emit.CSharp;

/// <summary>
/// The exact rescaling of one channel's sums, <c>clamp(MultiplyByQuantizedMultiplier(sum, multiplier, shift) + zeroPoint)</c>, as one multiplication, one addition and one shift.
/// </summary>
/// <remarks>
/// The first rounding gives <c>high = (sum * M + 2^30) &gt;&gt; 31</c>, the second one <c>(high + 2^(k-1)) &gt;&gt; k</c>, less one unit of high where it is negative.
/// Since ⌊(⌊a / m⌋ + c) / n⌋ = ⌊(a + c m) / (m n)⌋, both are one shift by 31 + k, exactly. The unit for negative numbers is taken off only where they are not
/// clamped anyway (<see cref="IsSplit"/>).
/// </remarks>
internal sealed class Requantization
{
    private const long Rounding = 1L << 30;

    private Requantization(int zeroPoint, int low, int high) => (ZeroPoint, Low, High) = (zeroPoint, low, high);

    /// <summary>Zero point of the output.</summary>
    public int ZeroPoint { get; }

    /// <summary>Least output.</summary>
    public int Low { get; }

    /// <summary>Greatest output.</summary>
    public int High { get; }

    /// <summary>The output where every sum gives the same.</summary>
    public int? Constant { get; private init; }

    /// <summary>What the sum is multiplied with.</summary>
    public long Factor { get; private init; }

    /// <summary>What is added: both roundings, or the first one where negative sums are rounded apart.</summary>
    public long Offset { get; private init; }

    /// <summary>Bits to shift right.</summary>
    public int Shift { get; private init; }

    /// <summary>Whether <c>2^31</c> has to be taken off where the product is negative, before <see cref="SplitOffset"/> is added.</summary>
    public bool IsSplit { get; private init; }

    /// <summary>The second rounding where <see cref="IsSplit"/>.</summary>
    public long SplitOffset { get; private init; }

    /// <summary>Least value before clamping, zero point included.</summary>
    public int Min { get; private init; }

    /// <summary>Greatest value before clamping, zero point included.</summary>
    public int Max { get; private init; }

    /// <summary>Whether no value needs clamping.</summary>
    public bool IsWithinRange => Min >= Low && Max <= High;

    /// <summary>The rescaling of sums within a range, or null where 32-bit arithmetic could overflow, which generated code does not imitate.</summary>
    /// <param name="multiplier">Q0.31, not negative.</param>
    /// <param name="shift">-31 to 30; positive shifts left.</param>
    /// <param name="zeroPoint">Zero point of the output.</param>
    /// <param name="low">Least output.</param>
    /// <param name="high">Greatest output.</param>
    /// <param name="sumMin">Least sum, bias included.</param>
    /// <param name="sumMax">Greatest sum.</param>
    public static Requantization? Create(int multiplier, int shift, int zeroPoint, int low, int high, long sumMin, long sumMax)
    {
        int left = Math.Max(shift, 0);
        int right = Math.Max(-shift, 0);
        if (sumMin << left < int.MinValue || sumMax << left > int.MaxValue || sumMin < int.MinValue || sumMax > int.MaxValue)
            return null;
        long factor = (long)multiplier << left;
        long secondRounding = right == 0 ? 0 : 1L << (30 + right);
        bool clampsNegatives = low >= zeroPoint;
        bool isSplit = right > 0 && !clampsNegatives && (sumMin * factor) + Rounding < 0;
        var linear = new Requantization(zeroPoint, low, high)
        {
            Factor = factor,
            Offset = isSplit ? Rounding : Rounding + secondRounding,
            Shift = 31 + right,
            IsSplit = isSplit,
            SplitOffset = isSplit ? secondRounding : 0,
        };
        long min = linear.Scale(sumMin) + zeroPoint;
        long max = linear.Scale(sumMax) + zeroPoint;
        if (min < int.MinValue || max > int.MaxValue)
            return null;
        int least = (int)Math.Clamp(min, low, high);
        return new Requantization(zeroPoint, low, high)
        {
            Factor = linear.Factor,
            Offset = linear.Offset,
            Shift = linear.Shift,
            IsSplit = isSplit,
            SplitOffset = linear.SplitOffset,
            Min = (int)min,
            Max = (int)max,
            Constant = least == Math.Clamp(max, low, high) ? least : null,
        };
    }

    /// <summary>
    /// The same for lanes that hold <c>sum + displacement</c>, giving values less <paramref name="first"/>: the zero point and <paramref name="first"/> become part of
    /// the addition. Null where that leaves 64 bits.
    /// </summary>
    /// <param name="displacement">What lanes hold more than the sum.</param>
    /// <param name="sumMin">Least sum.</param>
    /// <param name="sumMax">Greatest sum.</param>
    /// <param name="first">The value that is given as 0.</param>
    public LaneRequantization? ForLanes(long displacement, long sumMin, long sumMax, int first)
    {
        Int128 shifted = (Int128)(ZeroPoint - first) << Shift;
        Int128 low = ((Int128)sumMin * Factor) + Offset;
        Int128 high = ((Int128)sumMax * Factor) + Offset;
        Int128 unit = IsSplit ? 1L << 31 : 0;
        if (!Fits(low) || !Fits(high) || !Fits(low + shifted + SplitOffset - unit) || !Fits(high + shifted + SplitOffset))
            return null;
        Int128 offset = Offset - ((Int128)displacement * Factor);
        return IsSplit
            ? new LaneRequantization(Factor, Wrapped(offset), Shift, true, Wrapped(SplitOffset + shifted), (long)unit)
            : new LaneRequantization(Factor, Wrapped(offset + shifted), Shift, false, 0, 0);
    }

    private long Scale(long sum)
    {
        long product = (sum * Factor) + Offset;
        if (IsSplit && product < 0)
            product -= 1L << 31;
        return (product + SplitOffset) >> Shift;
    }

    private static bool Fits(Int128 value) => value >= long.MinValue / 8 && value <= long.MaxValue / 8;

    /// <summary>The low 64 bits: arithmetic on the device is modulo 2^64, and only the final sum has to fit.</summary>
    private static long Wrapped(Int128 value) => unchecked((long)value);
}

/// <summary>A rescaling as it stands in the code: <c>(lane * Factor + Offset) &gt;&gt; Shift</c>, or <c>q = lane * Factor + Offset; (q - (q &lt; 0 ? Unit : 0) + SplitOffset) &gt;&gt; Shift</c>.</summary>
internal readonly record struct LaneRequantization(long Factor, long Offset, int Shift, bool IsSplit, long SplitOffset, long Unit)
{
    /// <summary>
    /// The same with all numbers multiplied by a power of two, so that the factor does not fit into 32 bits and is loaded by one instruction instead of two. There are two
    /// bits of room: <see cref="Requantization.ForLanes"/> has left three.
    /// </summary>
    public LaneRequantization Widened()
    {
        LaneRequantization wide = this;
        for (int i = 0; i < 2 && wide.Factor is > 0 and <= uint.MaxValue && wide.Shift < 63; i++)
            wide = unchecked(new LaneRequantization(wide.Factor << 1, wide.Offset << 1, wide.Shift + 1, IsSplit, wide.SplitOffset << 1, wide.Unit << 1));
        return wide;
    }
}
