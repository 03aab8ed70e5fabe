namespace EdgeMl.Mcu.Toolchain.Emit.CSharp;

/// <summary>Divides a layer's output channels among methods.</summary>
internal static class MethodShares
{
    /// <summary>The fewest shares of nearly equal size, in order, whose methods stay below the limit; items that exceed it alone get a method each.</summary>
    /// <param name="items">What is divided.</param>
    /// <param name="bytesOf">Bytes of bytecode of a share's method.</param>
    public static IReadOnlyList<T[]> Divide<T>(T[] items, Func<T[], int> bytesOf)
    {
        if (items.Length == 0)
            return [];
        int count = Math.Max(1, bytesOf(items) / CodeLimits.MethodBytes);
        for (; ; count++)
        {
            T[][] shares = [.. Enumerable.Range(0, count).Select(i => items[(int)((long)items.Length * i / count)..(int)((long)items.Length * (i + 1) / count)])];
            if (count >= items.Length || shares.All(share => bytesOf(share) <= CodeLimits.MethodBytes))
                return [.. shares.Where(share => share.Length > 0)];
        }
    }
}
