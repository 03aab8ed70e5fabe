namespace EdgeMl.Mcu.Bench.Flash;

/// <summary>What a <see cref="PowerCutSimulator"/> tried.</summary>
/// <param name="Operations">Storage operations of the run without cuts.</param>
/// <param name="Points">For 1, 2, … cuts: how many cut points × variants there were.</param>
/// <param name="States">Different memory contents among them, each of which the device was started with.</param>
/// <param name="FailureCount">Starts after which the device went wrong.</param>
/// <param name="Failures">Where and how, for some of them.</param>
public sealed record PowerCutReport(long Operations, IReadOnlyList<long> Points, long States, long FailureCount, IReadOnlyList<string> Failures)
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"{Operations} operations, {string.Join(" + ", Points)} cut points x variants, {States} different states, {FailureCount} wrong";
}
