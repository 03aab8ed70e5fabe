namespace EdgeMl.Mcu.Toolchain.Plan.Trees;

/// <summary>Predicted IL of the runtime's kernel for tree ensembles, if both branches of every node are equally likely.</summary>
internal static class TreeCost
{
    private const int NodeIl = 25;
    private const int TreeIl = 80;
    private const int ScoreIl = 70;
    private const int KeyIl = 50;

    /// <summary>Instructions for one run.</summary>
    public static long Of(TreeLayer layer) =>
        (long)(layer.Visits(layer.Roots).Where(visit => layer.Branches.ContainsKey(visit.Key)).Sum(visit => visit.Value) * NodeIl)
        + (TreeIl * layer.Roots.Count) + (ScoreIl * layer.Scores) + (KeyIl * layer.KeyCount);
}
