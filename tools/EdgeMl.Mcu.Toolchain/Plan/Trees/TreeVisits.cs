using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Plan.Trees;

/// <summary>How often one inference comes to each node, if both branches of every node are equally likely.</summary>
internal static class TreeVisits
{
    /// <summary>The expected number for each node, 0 to the number of trees.</summary>
    public static double[] Of(TreeEnsemble ensemble)
    {
        var visits = new double[ensemble.Nodes.Length];
        foreach (int root in ensemble.Roots.Where(root => root >= 0))
            visits[root]++;
        for (int i = 0; i < visits.Length; i++)
        {
            foreach (int child in new[] { ensemble.Nodes[i].Below, ensemble.Nodes[i].Above })
            {
                if (child >= 0)
                    visits[child] += visits[i] / 2;
            }
        }
        return visits;
    }
}
