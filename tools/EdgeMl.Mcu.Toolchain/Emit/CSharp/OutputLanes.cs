using EdgeMl.Mcu.Runtime.Compiled;

namespace EdgeMl.Mcu.Toolchain.Emit.CSharp;

/// <summary>
/// Code for fully connected layers: each lane holds an output channel of its own, and the three weights of an activation are one constant. An activation whose three
/// weights are 0 is left out; channels are put together so that this happens often.
/// </summary>
internal sealed class OutputLanes
{
    private const int TapLocals = 220;
    private const int LaneCount = 3;

    private readonly WindowedLayer _layer;
    private readonly string _name;
    private readonly SaturationTable? _table;
    private readonly int _positions;
    private readonly int _blocks;
    private readonly Dictionary<int, int> _blockOfTap = [];
    private readonly int[][] _triples;
    private readonly SumPlan[] _plans;
    private readonly int[] _slotOf;
    private readonly int _slots;

    private OutputLanes(WindowedLayer layer, string name, SaturationTable? table)
    {
        (_layer, _name, _table) = (layer, name, table);
        _positions = layer.Batches * layer.OutputHeight * layer.OutputWidth;
        int[] taps = [.. layer.Channels.SelectMany(channel => channel.LiveTaps).Select(tap => tap.Tap).Distinct().Order()];
        _blocks = Math.Max(1, (taps.Length + TapLocals - 1) / TapLocals);
        for (int i = 0; i < taps.Length; i++)
            _blockOfTap.Add(taps[i], (int)((long)i * _blocks / taps.Length));
        _triples = ChannelTriples.Form(layer.Channels);
        _plans = Array.ConvertAll(_triples, Plan);
        _slotOf = new int[_plans.Length];
        for (int i = 1; i < _plans.Length; i++)
            _slotOf[i] = _slotOf[i - 1] + _plans[i - 1].Biases.Count;
        _slots = _slotOf[^1] + _plans[^1].Biases.Count;
    }

    /// <summary>The code of a layer, or null where it has windows of more than one position or its numbers leave 64 bits.</summary>
    public static GeneratedLayer? Create(WindowedLayer layer, string name, SaturationTable? table)
    {
        if (!layer.IsPointwise)
            return null;
        var generator = new OutputLanes(layer, name, table);
        for (int triple = 0; triple < generator._triples.Length; triple++)
        {
            for (int lane = 0; lane < generator._triples[triple].Length; lane++)
            {
                if (generator._triples[triple][lane] != ChannelTriples.None && !OutputStage.CanWrite(generator.Channel(triple, lane), generator.Displacement(triple, lane), table))
                    return null;
            }
        }
        return generator.Generate();
    }

    private OutputChannel Channel(int triple, int lane) => _layer.Channels[_triples[triple][lane]];

    private long Displacement(int triple, int lane) => _plans[triple].Bias(lane) - Channel(triple, lane).Bias;

    private int FinalBlock(int triple) => _plans[triple].Parts.Count == 0 ? 0 : _plans[triple].Parts[^1].Block;

    private SumPlan Plan(int[] channels)
    {
        var weights = new SortedDictionary<int, int[]>();
        for (int lane = 0; lane < channels.Length; lane++)
        {
            if (channels[lane] == ChannelTriples.None)
                continue;
            foreach (TapWeight tap in _layer.Channels[channels[lane]].LiveTaps)
            {
                if (!weights.TryGetValue(tap.Tap, out int[]? lanes))
                    weights.Add(tap.Tap, lanes = new int[LaneCount]);
                lanes[lane] = tap.Weight;
            }
        }
        return SumPlan.Create(weights.Select(tap => new LaneTap(tap.Key, tap.Value)), LaneCount, tap => _blockOfTap[tap]);
    }

    private GeneratedLayer Generate()
    {
        var methods = new List<GeneratedClass>();
        long perPosition = 0;
        for (int block = 0; block < _blocks; block++)
        {
            int[] triples = [.. Enumerable.Range(0, _triples.Length).Where(triple => FinalBlock(triple) == block || _plans[triple].Parts.Any(part => part.Block == block))];
            foreach (int[] share in MethodShares.Divide(triples, share => WriteMethod(block, share).Bytes))
            {
                MethodWriter writer = WriteMethod(block, share);
                perPosition += writer.Instructions + 10;
                methods.Add(KernelWriter.Method($"{_name}Block{methods.Count}", Parameters, writer));
            }
        }
        MethodWriter run = WriteRun(methods);
        return KernelWriter.WithKernel(_layer, _name, run, new GeneratedLayer("outputs", methods, 31 + (_positions * (perPosition + 15))) { Lanes = _blocks > 1 ? _slots : 0, Table = _table });
    }

    private string Parameters => $"sbyte[] arena, int i, int o{(_blocks > 1 ? ", long[] lanes" : "")}{(_table is null ? "" : $", sbyte[] {OutputStage.TableArgument}")}";

    private MethodWriter WriteMethod(int block, int[] triples)
    {
        var writer = new MethodWriter();
        int[] final = [.. triples.Where(triple => FinalBlock(triple) == block && _plans[triple].Parts.Count > 0)];
        int slots = final.Select(triple => _plans[triple].Biases.Count).DefaultIfEmpty().Max();
        OutputChannel[] Written(Func<int, int, bool> isMeant) => [.. final.SelectMany(triple => _triples[triple].Where((channel, lane) => isMeant(channel, lane)))
            .Select(channel => _layer.Channels[channel]).Where(channel => channel.Requantization.Constant is null)];
        bool isMasked = Written((channel, lane) => channel != ChannelTriples.None && lane < LaneCount - 1).Length > 0;
        OutputStage.DeclareLocals(writer, Written((channel, _) => channel != ChannelTriples.None), slots, _table, isMasked);
        IEnumerable<int> taps = triples.SelectMany(triple => _plans[triple].Parts).Where(part => part.Block == block).SelectMany(part => part.Taps).Select(tap => tap.Tap);
        foreach (int tap in taps.Distinct().Order())
            writer.Declare("long", $"x{tap}", Code.Element("arena", Code.Offset("i", tap)).To("long") with { Text = $"arena[{Code.Offset("i", tap).Text}]" });
        foreach (int triple in triples)
            WriteTriple(writer, triple, block);
        return writer;
    }

    private void WriteTriple(MethodWriter writer, int triple, int block)
    {
        SumPlan plan = _plans[triple];
        bool isFinal = FinalBlock(triple) == block;
        var here = new HashSet<int>();
        foreach (SumPart part in plan.Parts.Where(part => part.Block == block))
        {
            bool isContinued = plan.Parts.Any(other => other.Slot == part.Slot && other.Block < block);
            Code index = Code.Int(_slotOf[triple] + part.Slot);
            Code start = isContinued ? Code.Element("lanes", index) : Code.Long(plan.PackedBias(part.Slot, LanePacking.Ones));
            Code sum = part.Taps.Aggregate(start, (total, tap) => total + (Code.Local($"x{tap.Tap}") * Code.Long(Packed(tap.Weights))));
            if (isFinal)
                writer.Assign($"a{part.Slot}", sum);
            else
                writer.Store("lanes", index, sum);
            here.Add(part.Slot);
        }
        if (!isFinal)
            return;
        for (int slot = 0; slot < plan.Biases.Count; slot++)
        {
            if (plan.Parts.Count > 0 && !here.Contains(slot))
                writer.Assign($"a{slot}", Code.Element("lanes", Code.Int(_slotOf[triple] + slot)));
        }
        for (int lane = 0; lane < LaneCount; lane++)
        {
            if (_triples[triple][lane] == ChannelTriples.None)
                continue;
            OutputStage.Write(writer, Channel(triple, lane), OutputStage.LaneOf(plan.Biases.Count, lane), Displacement(triple, lane), Code.Offset("o", _triples[triple][lane]), _table);
        }
    }

    private static long Packed(int[] weights) => weights[0] + ((long)weights[1] << LanePacking.LaneBits) + ((long)weights[2] << (2 * LanePacking.LaneBits));

    private MethodWriter WriteRun(IReadOnlyList<GeneratedClass> methods)
    {
        MethodWriter writer = KernelWriter.Begin();
        if (_positions > 1)
            writer.Open($"for (int position = 0; position < {_positions}; position++)", 10, 20);
        string arguments = $"arena, input, output{(_blocks > 1 ? ", frame.Lanes" : "")}{(_table is null ? "" : ", _table")}";
        foreach (GeneratedClass method in methods)
            writer.Statement($"{method.Name}.Run({arguments});", 10, 26);
        if (_positions > 1)
        {
            writer.Increase("input", _layer.InputChannels);
            writer.Increase("output", _layer.Channels.Count);
            writer.Close();
        }
        return writer;
    }
}
