using System.Buffers.Binary;
using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Graph;
using H = EdgeMl.Mcu.Runtime.Format.ModelFormat.Header;

namespace EdgeMl.Mcu.Toolchain.Tests.Plan;

/// <summary>Device files with a right checksum and wrong layers: what loads must run within the arena.</summary>
public class HostileLayerTests
{
    private const int Mutants = 4000;

    private const string FourBits = "4-bit ";

    private const string PackedFourBits = "4-bit packed ";

    private static readonly Quantization Scale = new(0.1f, -3);

    private static readonly Dictionary<string, (Operator Operator, int[] Output)> Operators = new()
    {
        ["sum"] = (new Reduce(ReduceKind.Sum, [1]), [1, 1, 4, 3]),
        ["greatest"] = (new Reduce(ReduceKind.Max, [1, 3]), [1, 1, 4, 1]),
        ["least"] = (new Reduce(ReduceKind.Min, [2]), [1, 4, 1, 3]),
        ["mirror pad"] = (new MirrorPad([0, 1, 2, 0], [0, 2, 0, 0], true), [1, 7, 6, 3]),
        ["gather"] = (new Gather([1, 0, 3], 2), [1, 4, 3, 3]),
        ["resize nearest"] = (new ResizeNearest(false, true), [1, 7, 3, 3]),
        ["resize bilinear"] = (new ResizeBilinear(true, false), [1, 7, 3, 3]),
        ["transposed convolution"] = (new TransposeConv2D(new Window(3, 2, 2, 3, PadTop: 1)), [1, 8, 11, 2]),
    };

    public static TheoryData<string> Names { get; } = [.. Operators.Keys, .. FourBitWeightTests.Layers.SelectMany(layer => new[] { FourBits + layer.Data, PackedFourBits + layer.Data })];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_layer_with_wrong_parameters_or_tables_is_refused_or_stays_in_the_arena(string name)
    {
        byte[] file = Compile(name);
        Assert.Equal(Error.None, Model.TryLoad(file, out _));
        var random = new Random(name.Length);
        int loaded = 0;
        for (int i = 0; i < Mutants; i++)
        {
            if (Model.TryLoad(Mutate(file, random), out Model model) != Error.None)
                continue;
            loaded++;
            new Interpreter(model).Invoke();
        }
        Assert.InRange(loaded, 1, Mutants - 1);
    }

    private static byte[] Compile(string name)
    {
        if (name.StartsWith(PackedFourBits, StringComparison.Ordinal))
            return EmlmCompiler.Compile(FourBitWeightTests.Graph(name[PackedFourBits.Length..], ElementType.Int4)).Bytes;
        if (name.StartsWith(FourBits, StringComparison.Ordinal))
            return EmlmCompiler.Compile(FourBitWeightTests.Graph(name[FourBits.Length..], ElementType.Int4), new EmitOptions { ScratchBytes = 0 }).Bytes;
        (Operator op, int[] output) = Operators[name];
        var graph = new ModelGraph { Name = name };
        var x = new Tensor("x", ElementType.Int8, new Shape(1, 4, 4, 3), Scale);
        var y = new Tensor("y", ElementType.Int8, new Shape(output), Scale);
        List<Tensor?> inputs = [x];
        if (op is TransposeConv2D)
            inputs.Add(new Tensor("w", ElementType.Int8, new Shape(2, 3, 2, 3), new Quantization(0.1f, 0), new sbyte[36]));
        graph.Inputs.Add(new GraphPort(x));
        graph.Nodes.Add(new Node(name, op, inputs, y));
        graph.Outputs.Add(new GraphPort(y));
        return EmlmCompiler.Compile(graph).Bytes;
    }

    /// <summary>Changes one to three of the 32-bit numbers behind the first layer's beginning, and the checksum with them.</summary>
    private static byte[] Mutate(byte[] file, Random random)
    {
        byte[] mutant = (byte[])file.Clone();
        int end = mutant.Length - sizeof(uint);
        int first = BinaryPrimitives.ReadInt32LittleEndian(mutant.AsSpan(H.LayersOffset));
        for (int change = random.Next(1, 4); change > 0; change--)
        {
            int at = first + (sizeof(int) * random.Next((end - first) / sizeof(int)));
            Span<byte> field = mutant.AsSpan(at);
            int old = BinaryPrimitives.ReadInt32LittleEndian(field);
            BinaryPrimitives.WriteInt32LittleEndian(field, random.Next(8) switch
            {
                0 => 0,
                1 => -1,
                2 => int.MaxValue,
                3 => int.MinValue,
                4 => 1 << random.Next(31),
                5 => random.Next(),
                6 => old + random.Next(-3, 4),
                _ => old * random.Next(2, 5),
            });
        }
        BinaryPrimitives.WriteUInt32LittleEndian(mutant.AsSpan(end), Crc32.Compute(mutant, 0, end));
        return mutant;
    }
}
