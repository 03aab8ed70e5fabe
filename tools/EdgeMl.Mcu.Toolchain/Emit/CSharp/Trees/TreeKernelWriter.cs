using System.Globalization;
using System.Text;
using EdgeMl.Mcu.Toolchain.Plan;
using EdgeMl.Mcu.Toolchain.Plan.Trees;
using K = EdgeMl.Mcu.Runtime.Typed.TreeEnsemble;

namespace EdgeMl.Mcu.Toolchain.Emit.CSharp.Trees;

/// <summary>A class of generated code.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Text">Its source, without namespace and usings.</param>
/// <param name="Bytes">Bytes of bytecode, at most.</param>
public sealed record TreeClass(string Name, string Text, int Bytes);

/// <summary>A tree ensemble as C#: a kernel without weights, and static classes with the trees, which may stand in any assembly that the kernel's refers to.</summary>
/// <param name="Kernel">The kernel; its parameters are <see cref="TreeKernelWriter.Input"/>, <see cref="TreeKernelWriter.Output"/> and <see cref="TreeKernelWriter.Label"/>.</param>
/// <param name="Methods">The classes with the trees.</param>
/// <param name="Lanes">64-bit words that the kernel needs.</param>
/// <param name="ParameterCount">2, or 3 with a label output.</param>
/// <param name="Instructions">IL instructions of one inference, estimated.</param>
public sealed record TreeKernelSource(TreeClass Kernel, IReadOnlyList<TreeClass> Methods, int Lanes, int ParameterCount, long Instructions);

/// <summary>Turns a lowered tree ensemble into C# with the same outputs, bit for bit.</summary>
public static class TreeKernelWriter
{
    /// <summary>Parameter: offset of the input in the arena.</summary>
    public const int Input = 0;

    /// <summary>Parameter: offset of the scores in the arena.</summary>
    public const int Output = 1;

    /// <summary>Parameter: offset of the label in the arena.</summary>
    public const int Label = 2;

    // nanoFramework's branches reach 32 KB.
    private const int MethodBytesMax = 30_000;
    private const int TargetsMax = 100;
    private const int ScoreBytes = 60;
    private const int KeyBytes = 40;
    private const int ScoreIl = 60;
    private const int KernelIl = 80;
    private const int KeyIl = 55;
    private const string Arithmetic = "global::EdgeMl.Mcu.Runtime.Arithmetic";

    /// <summary>The code of a layer, or null for another kernel's and for what stays with the runtime's: extremes, more than 100 targets, or a tree beyond a method's size.</summary>
    /// <param name="deviceLayer">A lowered layer.</param>
    /// <param name="className">Name of the kernel's class, with which all others begin.</param>
    public static TreeKernelSource? Write(DeviceLayer deviceLayer, string className)
    {
        if (TreeLayer.From(deviceLayer) is not { } layer || layer.Aggregate is not (K.Sum or K.Average) || layer.Targets > TargetsMax)
            return null;
        int finishBytes = layer.Scores * ScoreBytes;
        if (Divide(layer, MethodBytesMax - finishBytes - TreeMethod.LoadBytes(layer)) is not { } shares)
            return null;
        int firstKey = shares.Count > 1 ? layer.Targets : 0;
        var methods = new List<TreeClass>();
        double instructions = KernelIl + (ScoreIl * layer.Scores) + (KeyIl * layer.KeyCount);
        for (int i = 0; i < shares.Count; i++)
        {
            var method = new TreeMethod(layer, firstKey);
            string body = Sums(layer, i > 0) + method.Write(shares[i]) + (i + 1 < shares.Count ? Save(layer) : Finish(layer));
            instructions += method.Instructions;
            string name = $"{className}Trees{i}";
            methods.Add(new TreeClass(name, MethodClass(name, body), shares[i].Sum(root => TreeMethod.Bytes(layer, root)) + TreeMethod.LoadBytes(layer) + finishBytes));
        }
        int lanes = firstKey + layer.KeyCount;
        return new TreeKernelSource(KernelClass(layer, className, methods, firstKey), methods, lanes, layer.HasLabel ? 3 : 2, (long)instructions);
    }

    /// <summary>As many trees a method as fit, in order; null where one is too large.</summary>
    private static List<List<int>>? Divide(TreeLayer layer, int bytesMax)
    {
        var shares = new List<List<int>>();
        int used = bytesMax;
        foreach (int root in layer.Roots)
        {
            int bytes = TreeMethod.Bytes(layer, root);
            if (bytes > bytesMax)
                return null;
            if (used + bytes > bytesMax)
            {
                shares.Add([]);
                used = 0;
            }
            shares[^1].Add(root);
            used += bytes;
        }
        return shares;
    }

    private static string Sums(TreeLayer layer, bool continues) => Lines(Enumerable.Range(0, layer.Targets)
        .Select(i => $"float s{i} = {(continues ? $"(float)BitConverter.Int64BitsToDouble(lanes[{i}])" : "0f")};"));

    private static string Save(TreeLayer layer) => Lines(Enumerable.Range(0, layer.Targets).Select(i => $"lanes[{i}] = BitConverter.DoubleToInt64Bits(s{i});"));

    private static string Finish(TreeLayer layer)
    {
        var lines = new List<string>();
        for (int i = 0; i < layer.Targets; i++)
        {
            if (layer.Aggregate == K.Average)
                lines.Add($"s{i} = s{i} / {layer.Roots.Count}f;");
            if (layer.BaseValues.Length > 0)
                lines.Add($"s{i} = s{i} + {TreeMethod.Literal(layer.BaseValues[i])};");
        }
        bool isBinary = layer.Scores > layer.Targets;
        if (isBinary)
        {
            lines.Add($"float opposite = {(layer.IsComplement ? "1f - s0" : "-s0")};");
            lines.Add($"{Arithmetic}.FloatBits.Write(arena, output, opposite);");
            lines.Add($"{Arithmetic}.FloatBits.Write(arena, output + 4, s0);");
        }
        else
        {
            lines.Add($"Array.Clear(arena, output, {4 * layer.Scores});");
            lines.AddRange(Enumerable.Range(0, layer.Targets).Select(i => $"if (s{i} != 0f) {{ {Arithmetic}.FloatBits.WriteNormal(arena, {Sum("output", 4 * i)}, s{i}); }}"));
        }
        if (layer.HasLabel)
            lines.AddRange(LabelLines(layer, isBinary));
        return Lines(lines);
    }

    private static IEnumerable<string> LabelLines(TreeLayer layer, bool isBinary)
    {
        if (isBinary)
        {
            yield return $"int best = s0 > opposite ? {Number(layer.Labels[1])} : {Number(layer.Labels[0])};";
        }
        else
        {
            yield return $"int best = {Number(layer.Labels[0])};";
            yield return "float greatest = s0;";
            for (int i = 1; i < layer.Targets; i++)
                yield return $"if (s{i} > greatest) {{ greatest = s{i}; best = {Number(layer.Labels[i])}; }}";
        }
        yield return "Array.Clear(arena, label, 8);";
        if (Array.TrueForAll(layer.Labels, label => label is >= 0 and <= sbyte.MaxValue))
        {
            yield return "arena[label] = (sbyte)best;";
            yield break;
        }
        yield return $"{Arithmetic}.Element.WriteInt32(arena, label, best);";
        if (Array.Exists(layer.Labels, label => label < 0))
            yield return $"if (best < 0) {{ {Arithmetic}.Element.WriteInt32(arena, label + 4, -1); }}";
    }

    private static string MethodClass(string name, string body) => $$"""
        internal static class {{name}}
        {
            public static void Run(sbyte[] arena, int input, int output, int label, long[] lanes)
            {
        {{Indented(body)}}
            }
        }

        """;

    private static TreeClass KernelClass(TreeLayer layer, string name, List<TreeClass> methods, int firstKey)
    {
        int inputBytes = layer.KeyCount == 0 ? layer.Features : sizeof(int) * layer.Features;
        var run = new StringBuilder();
        for (int i = 0; i < layer.KeyCount; i++)
        {
            string offset = Sum("input", sizeof(int) * (layer.Keys[i] >> 1));
            run.Append(CultureInfo.InvariantCulture, $"        frame.Lanes[{firstKey + i}] = {Arithmetic}.FloatBits.Key({Arithmetic}.Element.ReadInt32(frame.Arena, {offset}), {((layer.Keys[i] & 1) != 0 ? "true" : "false")});\n");
        }
        foreach (TreeClass method in methods)
            run.Append(CultureInfo.InvariantCulture, $"        {method.Name}.Run(frame.Arena, input, frame.Int({Output}), {(layer.HasLabel ? $"frame.Int({Label})" : "0")}, frame.Lanes);\n");
        string text = $$"""
            internal sealed class {{name}} : Kernel
            {
                public override int ParameterCount => {{(layer.HasLabel ? 3 : 2)}};

                public override void Validate(LayerReader layer)
                {
                    layer.Arena({{Input}}, {{inputBytes}});
                    layer.Arena({{Output}}, {{sizeof(float) * layer.Scores}});
            {{(layer.HasLabel ? $"        layer.Arena({Label}, {sizeof(long)});\n" : "")}}        layer.Weights(0);
                    layer.Lanes({{firstKey + layer.KeyCount}});
                }

                public override void Run(Frame frame)
                {
                    int input = frame.Int({{Input}});
            {{run.ToString().TrimEnd()}}
                }
            }

            """;
        return new TreeClass(name, text, (layer.KeyCount * KeyBytes) + (methods.Count * KeyBytes) + (2 * ScoreBytes));
    }

    private static string Sum(string local, int offset) => offset == 0 ? local : $"{local} + {Number(offset)}";

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Indented(string body) => body.TrimEnd();

    private static string Lines(IEnumerable<string> lines) => string.Concat(lines.Select(line => $"            {line}\n"));
}
