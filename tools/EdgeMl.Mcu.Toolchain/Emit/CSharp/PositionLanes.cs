using EdgeMl.Mcu.Runtime.Compiled;

namespace EdgeMl.Mcu.Toolchain.Emit.CSharp;

/// <summary>
/// Code for layers with several output positions: each lane holds a position of its own, all of them a fixed distance apart. The window's packed activations stand in
/// locals, and each output channel is a sum of groups of equal magnitude of weights: two instructions for each weight and two for each magnitude, for three positions.
/// </summary>
internal sealed class PositionLanes
{
    private const int TapLocals = 150;
    private const int FixedLocals = 8;
    private const int TileLanes = 512;

    /// <summary>Instructions that <see cref="LanePacking.Pack"/> takes for one packed value.</summary>
    private const int PackInstructions = 30;

    private readonly WindowedLayer _layer;
    private readonly string _name;
    private readonly SaturationTable? _table;
    private readonly bool _isTiled;
    private readonly int[] _laneOffsets;
    private readonly int _positions;
    private readonly int _rowLength;
    private readonly int _calls;
    private readonly int _step;
    private readonly Dictionary<int, int> _blockOfTap = [];
    private readonly int _blocks;
    private readonly SumPlan[] _plans;
    private readonly int[] _slotOf;
    private readonly int _slots;

    private PositionLanes(WindowedLayer layer, string name, SaturationTable? table)
    {
        (_layer, _name, _table) = (layer, name, table);
        _isTiled = layer.IsPointwise;
        int length = _isTiled ? layer.Batches * layer.OutputHeight * layer.OutputWidth : layer.OutputHeight;
        int segment = (length + 2) / 3;
        int unit = _isTiled ? 1 : layer.OutputWidth;
        _laneOffsets = [.. new[] { 0, Math.Min(segment, length - segment), length - segment }.Select(offset => offset * unit)];
        int tiles = _isTiled ? Math.Max(1, (segment * layer.InputChannels + TileLanes - 1) / TileLanes) : 0;
        _positions = _isTiled ? (segment + tiles - 1) / tiles : layer.OutputWidth;
        _calls = _isTiled ? segment : segment * layer.Batches;
        _rowLength = ((layer.OutputWidth - 1) * layer.StrideWidth + layer.WindowWidth) * layer.InputChannels;
        _step = _isTiled ? layer.InputChannels : layer.StrideWidth * layer.InputChannels;
        int[] taps = [.. layer.Channels.SelectMany(channel => channel.LiveTaps).Select(tap => tap.Tap).Distinct().Order()];
        _blocks = Math.Max(1, (taps.Length + TapLocals - 1) / TapLocals);
        for (int i = 0; i < taps.Length; i++)
            _blockOfTap.Add(taps[i], (int)((long)i * _blocks / taps.Length));
        _plans = [.. layer.Channels.Select(channel => SumPlan.Create(channel.LiveTaps.Select(tap => new LaneTap(tap.Tap, [tap.Weight])), 1, tap => _blockOfTap[tap]))];
        _slotOf = new int[_plans.Length];
        for (int i = 1; i < _plans.Length; i++)
            _slotOf[i] = _slotOf[i - 1] + _plans[i - 1].Biases.Count;
        _slots = _slotOf[^1] + _plans[^1].Biases.Count;
    }

    /// <summary>The code of a layer, or null where it has one position only or its numbers leave 64 bits.</summary>
    public static GeneratedLayer? Create(WindowedLayer layer, string name, SaturationTable? table)
    {
        if (layer.Batches * layer.OutputHeight * layer.OutputWidth < 2)
            return null;
        var generator = new PositionLanes(layer, name, table);
        for (int i = 0; i < layer.Channels.Count; i++)
        {
            if (!OutputStage.CanWrite(layer.Channels[i], generator.Displacement(i), table))
                return null;
        }
        return generator.Generate();
    }

    private long Displacement(int channel) => _plans[channel].Bias(0) - _layer.Channels[channel].Bias;

    private int FinalBlock(int channel) => _plans[channel].Parts.Count == 0 ? 0 : _plans[channel].Parts[^1].Block;

    private GeneratedLayer Generate()
    {
        var methods = new List<GeneratedClass>();
        long perCall = 0;
        long perPosition = 0;
        for (int block = 0; block < _blocks; block++)
        {
            int[] channels = [.. Enumerable.Range(0, _plans.Length).Where(channel => FinalBlock(channel) == block || _plans[channel].Parts.Any(part => part.Block == block))];
            foreach (int[] share in MethodShares.Divide(channels, share => WriteMethod(block, share).Writer.Bytes))
            {
                (MethodWriter writer, int prologue) = WriteMethod(block, share);
                perCall += prologue + 12;
                perPosition += writer.Instructions - prologue;
                methods.Add(KernelWriter.Method($"{_name}Block{methods.Count}", Parameters, writer));
            }
        }
        MethodWriter run = WriteRun(methods);
        int calls = _isTiled ? (_calls + _positions - 1) / _positions : _calls;
        long positions = _isTiled ? _calls : (long)_calls * _layer.OutputWidth;
        int packed = _isTiled ? _calls * _layer.InputChannels : _layer.Batches * RowsPacked() * _rowLength;
        long instructions = (calls * (perCall + 40)) + (positions * perPosition) + ((long)packed * PackInstructions);
        return KernelWriter.WithKernel(_layer, _name, run, new GeneratedLayer("positions", methods, instructions)
        {
            Lanes = Activations + (_blocks > 1 ? _positions * _slots : 0),
            StripBytes = _isTiled ? 0 : Math.Min(_rowLength, _layer.InputWidth * _layer.InputChannels),
            Table = _table,
        });
    }

    /// <summary>Packed activations of one call; sums that are not complete stand behind them.</summary>
    private int Activations => _isTiled ? _positions * _layer.InputChannels : _layer.WindowHeight * _rowLength;

    private int RowsPacked() => ((_calls / _layer.Batches) - 1) * Math.Min(_layer.StrideHeight, _layer.WindowHeight) + _layer.WindowHeight;

    private string Parameters => $"sbyte[] arena, int o, long[] lanes, int count{(_table is null ? "" : $", sbyte[] {OutputStage.TableArgument}")}";

    private (MethodWriter Writer, int Prologue) WriteMethod(int block, int[] channels)
    {
        var writer = new MethodWriter();
        SumPart[] parts = [.. channels.SelectMany(channel => _plans[channel].Parts).Where(part => part.Block == block)];
        int[] taps = [.. parts.SelectMany(part => part.Taps).GroupBy(tap => tap.Tap).Where(uses => uses.Count() > 1).Select(uses => uses.Key).Order()];
        int[] final = [.. channels.Where(channel => FinalBlock(channel) == block && _plans[channel].Parts.Count > 0)];
        int slots = final.Select(channel => _plans[channel].Biases.Count).DefaultIfEmpty().Max();
        HashSet<int> magnitudes = [.. parts.SelectMany(part => part.Taps.Select(tap => Math.Abs(tap.Weights[0])).Where(magnitude => magnitude > 1).Distinct())
            .GroupBy(magnitude => magnitude).Where(uses => uses.Count() > 1).OrderByDescending(uses => uses.Count()).Select(uses => uses.Key)
            .Take(CodeLimits.Locals - FixedLocals - slots - taps.Length)];
        OutputStage.DeclareLocals(writer, [.. final.Select(channel => _layer.Channels[channel])], slots, _table);
        foreach (int magnitude in magnitudes.Order())
            writer.Declare("long", $"m{magnitude}", Code.Long(magnitude));
        writer.Declare("int", "b", Code.Int(0));
        if (_blocks > 1)
            writer.Declare("int", "s", Code.Int(Activations));
        int prologue = writer.Instructions;
        writer.Open("while (count > 0)", 4, 8);
        foreach (int tap in taps)
            writer.Declare("long", $"x{tap}", Packed(tap));
        var sums = new GroupedSum([.. taps], magnitudes, Packed);
        foreach (int channel in channels)
            WriteChannel(writer, sums, channel, block);
        writer.Increase("b", _step);
        writer.Increase("o", _layer.Channels.Count);
        if (_blocks > 1)
            writer.Increase("s", _slots);
        writer.Increase("count", -1);
        writer.Close();
        return (writer, prologue);
    }

    private void WriteChannel(MethodWriter writer, GroupedSum sums, int channel, int block)
    {
        SumPlan plan = _plans[channel];
        bool isFinal = FinalBlock(channel) == block;
        var here = new HashSet<int>();
        foreach (SumPart part in plan.Parts.Where(part => part.Block == block))
        {
            bool isContinued = plan.Parts.Any(other => other.Slot == part.Slot && other.Block < block);
            Code index = Code.Offset("s", _slotOf[channel] + part.Slot);
            Code start = isContinued ? Code.Element("lanes", index) : Code.Long(plan.PackedBias(part.Slot, LanePacking.Ones));
            Code sum = sums.Write(start, part.Taps);
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
                writer.Assign($"a{slot}", Code.Element("lanes", Code.Offset("s", _slotOf[channel] + slot)));
        }
        for (int lane = 0; lane < 3; lane++)
        {
            if (lane > 0 && _laneOffsets[lane] == _laneOffsets[lane - 1])
                continue;
            Code index = Code.Offset("o", (_laneOffsets[lane] * _layer.Channels.Count) + channel);
            OutputStage.Write(writer, _layer.Channels[channel], OutputStage.LaneOf(plan.Biases.Count, lane), Displacement(channel), index, _table);
        }
    }

    private Code Packed(int tap)
    {
        int offset = tap;
        if (!_isTiled)
        {
            int channels = _layer.InputChannels;
            int column = tap / channels % _layer.KernelWidth;
            int row = tap / channels / _layer.KernelWidth;
            offset = (row * _layer.DilationHeight * _rowLength) + (column * _layer.DilationWidth * channels) + (tap % channels);
        }
        return Code.Element("lanes", Code.Offset("b", offset));
    }

    private MethodWriter WriteRun(IReadOnlyList<GeneratedClass> methods)
    {
        MethodWriter writer = KernelWriter.Begin();
        writer.Statement("long[] lanes = frame.Lanes;", 3, 6);
        if (_isTiled)
            WriteTiles(writer, methods);
        else
            WriteRows(writer, methods);
        return writer;
    }

    private void WriteTiles(MethodWriter writer, IReadOnlyList<GeneratedClass> methods)
    {
        int depth = _layer.InputChannels;
        writer.Open($"for (int position = 0; position < {_calls}; position += {_positions})", 10, 20);
        writer.Statement($"int count = {_calls} - position < {_positions} ? {_calls} - position : {_positions};", 9, 24);
        writer.Statement($"LanePacking.Pack(arena, input, input + {_laneOffsets[1] * depth}, input + {_laneOffsets[2] * depth}, lanes, 0, count * {depth});", 20, 50);
        WriteCalls(writer, methods, "count");
        writer.Increase("input", _positions * depth);
        writer.Increase("output", _positions * _layer.Channels.Count);
        writer.Close();
    }

    private void WriteRows(MethodWriter writer, IReadOnlyList<GeneratedClass> methods)
    {
        WindowedLayer layer = _layer;
        int rows = _calls / layer.Batches;
        int keep = Math.Max(layer.WindowHeight - layer.StrideHeight, 0);
        int left = layer.PadLeft * layer.InputChannels;
        int columns = Math.Max(0, Math.Min(_rowLength - left, layer.InputWidth * layer.InputChannels));
        writer.Statement($"LanePacking.Pad(arena, frame.Strip, {columns}, {layer.PaddingValue});", 6, 20);
        writer.Statement($"LanePacking.Fill(lanes, 0, {layer.WindowHeight * _rowLength}, {layer.PaddingValue});", 5, 20);
        if (layer.Batches > 1)
            writer.Open($"for (int image = 0; image < {layer.Batches}; image++)", 10, 20);
        writer.Open($"for (int row = 0; row < {rows}; row++)", 10, 20);
        writer.Statement($"int packed = row == 0 ? 0 : {keep};", 6, 14);
        if (keep > 0)
        {
            writer.Open("if (row > 0)", 3, 6);
            writer.Statement($"Array.Copy(lanes, {layer.StrideHeight * _rowLength}, lanes, 0, {keep * _rowLength});", 6, 25);
            writer.Close();
        }
        writer.Statement($"int y = (row * {layer.StrideHeight}) - {layer.PadTop} + packed;", 8, 24);
        writer.Open($"for (; packed < {layer.WindowHeight}; packed++)", 10, 20);
        int rowStride = layer.StrideHeight;
        int second = _laneOffsets[1] / layer.OutputWidth * rowStride;
        int third = _laneOffsets[2] / layer.OutputWidth * rowStride;
        if (columns > 0)
            writer.Statement($"LanePacking.PackRows(arena, input, {layer.InputHeight}, {layer.InputWidth * layer.InputChannels}, y, {second}, {third}, frame.Strip, lanes, (packed * {_rowLength}) + {left}, {columns});", 24, 80);
        writer.Increase("y", 1);
        writer.Close();
        WriteCalls(writer, methods, layer.OutputWidth.ToString(System.Globalization.CultureInfo.InvariantCulture));
        writer.Increase("output", layer.OutputWidth * layer.Channels.Count);
        writer.Close();
        if (layer.Batches > 1)
        {
            writer.Increase("input", layer.InputHeight * layer.InputWidth * layer.InputChannels);
            writer.Increase("output", (layer.OutputHeight - rows) * layer.OutputWidth * layer.Channels.Count);
            writer.Close();
        }
    }

    private void WriteCalls(MethodWriter writer, IReadOnlyList<GeneratedClass> methods, string count)
    {
        string arguments = $"arena, output, lanes, {count}{(_table is null ? "" : ", _table")}";
        foreach (GeneratedClass method in methods)
            writer.Statement($"{method.Name}.Run({arguments});", 12, 30);
    }
}
