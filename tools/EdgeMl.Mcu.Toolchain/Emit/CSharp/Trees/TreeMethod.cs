using System.Globalization;
using System.Text;
using EdgeMl.Mcu.Toolchain.Plan.Trees;

namespace EdgeMl.Mcu.Toolchain.Emit.CSharp.Trees;

/// <summary>
/// Writes the trees of one method as comparisons and jumps. A comparison takes 3 IL instructions where its value stands in a local, a weight 4. A leaf stands once
/// for each tree, behind the tree's comparisons.
/// </summary>
/// <param name="layer">The layer.</param>
/// <param name="firstKeyLane">Index of the lane with the first key.</param>
internal sealed class TreeMethod(TreeLayer layer, int firstKeyLane)
{
    // Bytes of bytecode, at most: a number of an array element, its comparison with a small or any constant, a jump, a weight.
    private const int ElementBytes = 9;
    private const int SmallBytes = 2;
    private const int ConstantBytes = 6;
    private const int JumpBytes = 5;
    private const int WeightBytes = 10;
    private const int LocalsMax = 100;

    // IL instructions of reading a value from its array, and from a local; and of putting it there.
    private const int ElementIl = 5;
    private const int LocalIl = 1;
    private const int LoadIl = ElementIl + 1;

    private readonly StringBuilder _text = new();
    private readonly HashSet<int> _locals = [];
    private int _labels;

    /// <summary>IL instructions of one inference if both branches of every node are equally likely.</summary>
    public double Instructions { get; private set; }

    /// <summary>Bytes of bytecode of a tree, at most.</summary>
    public static int Bytes(TreeLayer layer, int root)
    {
        IReadOnlyList<int> nodes = layer.Reach(root);
        int bytes = 0;
        for (int i = 0; i < nodes.Count; i++)
        {
            TreeBranch branch = layer.Branches[nodes[i]];
            bool isSmall = layer.KeyCount == 0 && branch.Value <= sbyte.MaxValue;
            bytes += (isSmall ? ElementBytes - 3 + SmallBytes : ElementBytes + ConstantBytes) + JumpBytes;
            bool fallsThrough = i + 1 < nodes.Count && (branch.Below == nodes[i + 1] || branch.Above == nodes[i + 1]);
            bytes += fallsThrough ? 0 : JumpBytes;
        }
        IEnumerable<int> ends = nodes.SelectMany(at => new[] { layer.Branches[at].Below, layer.Branches[at].Above }).Append(root);
        return bytes + ends.Where(layer.Leaves.ContainsKey).Distinct().Sum(leaf => (layer.Leaves[leaf].Length * WeightBytes) + JumpBytes);
    }

    /// <summary>Bytes of bytecode of the values that are held in locals, at most.</summary>
    public static int LoadBytes(TreeLayer layer) =>
        Math.Min(LocalsMax, layer.Branches.Values.Select(branch => branch.Value).Distinct().Count()) * (ElementBytes + SmallBytes);

    /// <summary>The statements of trees that come one after another.</summary>
    public string Write(IReadOnlyList<int> roots)
    {
        Dictionary<int, double> visits = layer.Visits(roots);
        LoadValues(visits);
        foreach (int root in roots)
            WriteTree(root);
        Instructions += visits.Sum(visit => visit.Value * (layer.Branches.TryGetValue(visit.Key, out TreeBranch? branch)
            ? (_locals.Contains(branch.Value) ? LocalIl : ElementIl) + 2
            : 1 + (4 * layer.Leaves[visit.Key].Length)));
        return _text.ToString();
    }

    private void LoadValues(Dictionary<int, double> visits)
    {
        var uses = visits.Where(visit => layer.Branches.ContainsKey(visit.Key)).GroupBy(visit => layer.Branches[visit.Key].Value, visit => visit.Value)
            .Select(group => (Value: group.Key, Visits: group.Sum()));
        IEnumerable<int> frequent = uses.Where(use => use.Visits * (ElementIl - LocalIl) > LoadIl).OrderByDescending(use => use.Visits).Take(LocalsMax).Select(use => use.Value);
        foreach (int value in frequent.Order())
        {
            Line($"{(layer.KeyCount == 0 ? "int" : "long")} x{value} = {Element(value)};");
            _locals.Add(value);
            Instructions += LoadIl;
        }
    }

    private void WriteTree(int root)
    {
        IReadOnlyList<int> nodes = layer.Reach(root);
        var jumps = new List<(string Text, int Target, bool Always)>();
        var starts = new Dictionary<int, int>();
        for (int i = 0; i < nodes.Count; i++)
        {
            TreeBranch branch = layer.Branches[nodes[i]];
            int next = i + 1 < nodes.Count ? nodes[i + 1] : branch.Below;
            starts.Add(nodes[i], jumps.Count);
            string value = _locals.Contains(branch.Value) ? $"x{branch.Value}" : Element(branch.Value);
            if (branch.Above == next)
            {
                jumps.Add(($"if ({value} <= {branch.Threshold}) ", branch.Below, false));
                continue;
            }
            jumps.Add(($"if ({value} > {branch.Threshold}) ", branch.Above, false));
            if (branch.Below != next)
                jumps.Add(("", branch.Below, true));
        }
        int[] leaves = [.. (nodes.Count == 0 ? [root] : new[] { layer.Branches[nodes[^1]].Below }).Concat(jumps.Select(jump => jump.Target)).Where(layer.Leaves.ContainsKey).Distinct()];
        // The last node falls through to the leaf below it, unless that is a node.
        Dictionary<int, string> names = jumps.Select(jump => jump.Target).Distinct().ToDictionary(target => target, _ => $"L{_labels++}");
        int at = 0;
        foreach (int node in nodes)
        {
            Label(names, node);
            int end = node == nodes[^1] ? jumps.Count : starts[nodes.First(other => other > node)];
            for (; at < end; at++)
                Line($"{jumps[at].Text}goto {names[jumps[at].Target]};");
        }
        string tail = $"L{_labels++}";
        for (int i = 0; i < leaves.Length; i++)
        {
            Label(names, leaves[i]);
            foreach ((int target, float weight) in layer.Leaves[leaves[i]])
                Line($"s{target} += {Literal(weight)};");
            if (i + 1 < leaves.Length)
                Line($"goto {tail};");
            else if (layer.Leaves[leaves[i]].Length == 0)
                Line(";");
        }
        if (leaves.Length > 1)
            _text.Append("        ").Append(tail).Append(":\n");
    }

    /// <summary>A float32 as C# writes it.</summary>
    public static string Literal(float value) => value.ToString("R", CultureInfo.InvariantCulture) + "f";

    private string Element(int value) => layer.KeyCount > 0 ? $"lanes[{firstKeyLane + value}]" : value == 0 ? "arena[input]" : $"arena[input + {value}]";

    private void Label(Dictionary<int, string> names, int target)
    {
        if (names.TryGetValue(target, out string? name))
            _text.Append("        ").Append(name).Append(":\n");
    }

    private void Line(string text) => _text.Append("            ").Append(text).Append('\n');
}
