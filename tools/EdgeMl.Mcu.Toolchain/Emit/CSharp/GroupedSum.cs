namespace EdgeMl.Mcu.Toolchain.Emit.CSharp;

/// <summary>Writes packed sums whose lanes share their weights: activations with weights of one magnitude are added first and multiplied once.</summary>
/// <param name="tapLocals">Taps that stand in locals.</param>
/// <param name="magnitudeLocals">Magnitudes that stand in locals.</param>
/// <param name="load">Loads any other tap.</param>
internal sealed class GroupedSum(HashSet<int> tapLocals, HashSet<int> magnitudeLocals, Func<int, Code> load)
{
    /// <summary>The sum of <paramref name="start"/> and all taps times their weights.</summary>
    public Code Write(Code start, IReadOnlyList<LaneTap> taps)
    {
        Code sum = start;
        foreach (IGrouping<int, LaneTap> group in taps.GroupBy(tap => Math.Abs(tap.Weights[0])))
        {
            LaneTap[] added = [.. group.Where(tap => tap.Weights[0] > 0)];
            LaneTap[] subtracted = [.. group.Where(tap => tap.Weights[0] < 0)];
            if (group.Key == 1)
            {
                sum = subtracted.Aggregate(added.Aggregate(sum, (total, tap) => total + Load(tap)), (total, tap) => total - Load(tap));
                continue;
            }
            bool isNegative = added.Length == 0;
            if (isNegative)
                (added, subtracted) = (subtracted, added);
            Code first = added.Skip(1).Aggregate(Load(added[0]), (total, tap) => total + Load(tap));
            Code product = subtracted.Aggregate(first, (total, tap) => total - Load(tap)) * Magnitude(group.Key);
            sum = isNegative ? sum - product : sum + product;
        }
        return sum;
    }

    private Code Load(LaneTap tap) => tapLocals.Contains(tap.Tap) ? Code.Local($"x{tap.Tap}") : load(tap.Tap);

    private Code Magnitude(int value) => magnitudeLocals.Contains(value) ? Code.Local($"m{value}") : Code.Long(value);
}
