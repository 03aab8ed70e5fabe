using EdgeMl.Mcu.Runtime.Compiled;

namespace EdgeMl.Mcu.Toolchain.Emit.CSharp;

/// <summary>
/// Code for depthwise convolutions: each lane holds a third of the rows. Channel by channel a window slides down a strip of columns, its packed activations in locals that
/// change their roles from row to row, so that every activation is loaded once a strip. Weights are read from the model file, once a channel.
/// </summary>
internal sealed class DepthwiseLanes
{
    private const int FixedLocals = 20;
    private const int BytesMax = 14_000;
    private const int StripWidthMax = 16;

    private readonly WindowedLayer _layer;
    private readonly SaturationTable? _table;
    private readonly DepthwiseRecords _records;
    private readonly bool _isTable;
    private readonly long _laneBias;
    private readonly int _rows;
    private readonly int[] _laneRows;
    private readonly int _strip;
    private readonly int _strips;
    private readonly int _unroll;

    private DepthwiseLanes(WindowedLayer layer, SaturationTable? table, DepthwiseRecords records, bool isTable, long laneBias, int strip)
    {
        (_layer, _table, _records, _isTable, _laneBias, _strip) = (layer, table, records, isTable, laneBias, strip);
        _rows = (layer.OutputHeight + 2) / 3;
        _laneRows = [0, Math.Min(_rows, layer.OutputHeight - _rows), layer.OutputHeight - _rows];
        _strips = (layer.OutputWidth + strip - 1) / strip;
        _unroll = Slides ? layer.KernelHeight / (int)System.Numerics.BigInteger.GreatestCommonDivisor(layer.KernelHeight, layer.StrideHeight) : 1;
    }

    /// <summary>Whether windows one below the other share rows.</summary>
    private bool Slides => _layer.StrideHeight < _layer.KernelHeight;

    private int Columns => ((_strip - 1) * _layer.StrideWidth) + _layer.KernelWidth;

    private int RowBytes => _layer.InputWidth * _layer.InputChannels;

    /// <summary>The code of a layer, or null where it is not depthwise, is dilated, or its numbers leave their lanes.</summary>
    public static GeneratedLayer? Create(WindowedLayer layer, string name, SaturationTable? table)
    {
        if (layer.DepthMultiplier == 0 || layer.DilationHeight != 1 || layer.DilationWidth != 1)
            return null;
        long laneBias = layer.Channels.Max(channel => -channel.LiveTaps.Sum(tap => (long)tap.ProductMin));
        long top = layer.Channels.Max(channel => channel.LiveTaps.Sum(tap => (long)tap.ProductMin + tap.ProductSpan));
        Requantization[] varying = [.. layer.Channels.Select(channel => channel.Requantization).Where(channel => channel.Constant is null)];
        bool isTable = table is not null && Array.TrueForAll(varying, table.Covers);
        if (laneBias + top >= SumPlan.LaneLimit || varying.Length == 0)
            return null;
        if (DepthwiseRecords.Create(layer, tap => tap.Tap / layer.InputChannels, laneBias, isTable ? table!.First : 0) is not { } records)
            return null;
        return Enumerable.Range(1, Math.Min(layer.OutputWidth, StripWidthMax))
            .Select(strip => new DepthwiseLanes(layer, table, records, isTable, laneBias, strip))
            .Where(generator => generator.LocalCount <= CodeLimits.Locals)
            .Select(generator => generator.Generate(name))
            .Where(generated => generated.Bytes <= BytesMax)
            .MinBy(generated => generated.Instructions);
    }

    private int LocalCount => (_layer.KernelHeight * Columns) + (_layer.KernelHeight * _layer.KernelWidth) + FixedLocals;

    private GeneratedLayer Generate(string name)
    {
        var writer = new MethodWriter();
        long perRow = WriteMethod(writer, out long perStrip, out long perChannel);
        string table = _isTable ? $", sbyte[] {OutputStage.TableArgument}" : "";
        GeneratedClass method = KernelWriter.Method($"{name}Block0", $"sbyte[] arena, int input, int output, byte[] weights, int p{table}", writer);
        MethodWriter run = KernelWriter.Begin();
        string argument = _isTable ? ", _table" : "";
        string call = $"{method.Name}.Run(arena, input, output, frame.Weights, frame.WeightOffset{argument});";
        if (_layer.Batches > 1)
            run.Open($"for (int image = 0; image < {_layer.Batches}; image++)", 10, 20);
        run.Statement(call, 10, 30);
        if (_layer.Batches > 1)
        {
            run.Increase("input", _layer.InputHeight * RowBytes);
            run.Increase("output", _layer.OutputHeight * _layer.OutputWidth * _layer.Channels.Count);
            run.Close();
        }
        long perStripTotal = perStrip + (_rows * perRow);
        long instructions = 60 + (_layer.Batches * _layer.Channels.Count * (perChannel + (_strips * perStripTotal)));
        return KernelWriter.WithKernel(_layer, name, run, new GeneratedLayer("depthwise", [method], instructions) { Table = _isTable ? _table : null, Weights = _records.Bytes });
    }

    /// <summary>Writes the method; gives the instructions of a row, and beside them those of a strip and of a channel.</summary>
    private long WriteMethod(MethodWriter writer, out long perStrip, out long perChannel)
    {
        WindowedLayer layer = _layer;
        int keep = Slides ? layer.KernelHeight - layer.StrideHeight : 0;
        IEnumerable<string> window = Enumerable.Range(0, layer.KernelHeight).SelectMany(row => Enumerable.Range(0, Columns).Where(column => ColumnState(column) != ColumnKind.Padding).Select(column => Window(row, column)));
        if (window.Any())
            writer.Statement($"long {string.Join(", ", window)};", 0, 0);
        if (Enumerable.Range(0, Columns).Any(column => ColumnState(column) != ColumnKind.Inside))
            writer.Declare("long", "padding", Code.Long(layer.PaddingValue * LanePacking.Ones));
        writer.Declare("long", "mask", Code.Long(SumPlan.LaneLimit - 1));
        writer.Statement(_records.IsSplit ? $"long a, {OutputStage.ProductLocal};" : "long a;", 0, 0);
        if (!_isTable && !IsWithinRange)
            writer.Statement($"int {OutputStage.ValueLocal};", 0, 0);
        int start = writer.Instructions;
        writer.Open($"for (int channel = 0; channel < {layer.Channels.Count}; channel++)", 9, 22);
        WriteRecord(writer);
        perChannel = writer.Instructions - start;
        start = writer.Instructions;
        writer.Open($"for (int x = 0; x < {layer.OutputWidth}; x += {_strip})", 9, 22);
        writer.Statement($"int column = x > {layer.OutputWidth - _strip} ? {layer.OutputWidth - _strip} : x;", 7, 20);
        writer.Declare("int", "o", Code.Local("output") + Code.Local("channel") + (Code.Local("column") * Code.Int(layer.Channels.Count)));
        writer.Statement($"column = (column * {layer.StrideWidth}) - {layer.PadLeft};", 6, 14);
        string inputChannel = layer.DepthMultiplier == 1 ? "channel" : $"(channel / {layer.DepthMultiplier})";
        writer.Statement($"int i = input + {inputChannel} + (column * {layer.InputChannels}) - {layer.PadTop * RowBytes};", 11, 32);
        writer.Declare("int", "y", Code.Int(-layer.PadTop));
        for (int row = 0; row < keep; row++)
            WriteLoad(writer, row);
        writer.Declare("int", "row", Code.Int(_rows));
        perStrip = writer.Instructions - start;
        start = writer.Instructions;
        writer.Open("while (true)", 1, 3);
        for (int step = 0; step < _unroll; step++)
            WriteRow(writer, step, keep);
        writer.Close();
        writer.Close();
        writer.Close();
        return (writer.Instructions - start) / _unroll;
    }

    private bool IsWithinRange => _layer.Channels.All(channel => channel.Requantization.IsWithinRange || channel.Requantization.Constant is not null);

    private void WriteRecord(MethodWriter writer)
    {
        for (int tap = 0; tap < _layer.KernelHeight * _layer.KernelWidth; tap++)
            writer.Declare("long", $"w{tap}", Code.Element("weights", Code.Offset("p", tap)).To("sbyte").To("long") with { Text = $"(sbyte)weights[{Code.Offset("p", tap).Text}]" });
        Number("factor", _records.Factor);
        Number("offset", _records.Offset);
        if (_records.IsSplit)
        {
            Number("unit", _records.Unit);
            Number("rounding", _records.SplitOffset);
        }
        writer.Declare("int", "shift", Code.Element("weights", Code.Offset("p", _records.Shift)));
        writer.Increase("p", _records.Size);
        foreach (int[] taps in Enumerable.Range(0, _strip).Select(PaddedTaps).DistinctBy(BiasName))
        {
            Code bias = Code.Long(_laneBias * LanePacking.Ones);
            writer.Declare("long", BiasName(taps), taps.Aggregate(bias, (sum, tap) => sum + (Code.Local("padding") * Code.Local($"w{tap}"))));
        }

        void Number(string name, int offset) => writer.Statement($"long {name} = BitConverter.ToInt64(weights, p + {offset});", 6, 14);
    }

    /// <summary>Writes one step: the rows that are new, then the outputs of the strip.</summary>
    private void WriteRow(MethodWriter writer, int step, int keep)
    {
        WindowedLayer layer = _layer;
        int first = Slides ? step * layer.StrideHeight : 0;
        for (int row = keep; row < layer.KernelHeight; row++)
            WriteLoad(writer, first + row);
        if (!Slides && layer.StrideHeight > layer.KernelHeight)
        {
            writer.Increase("i", (layer.StrideHeight - layer.KernelHeight) * RowBytes);
            writer.Increase("y", layer.StrideHeight - layer.KernelHeight);
        }
        for (int x = 0; x < _strip; x++)
        {
            int[] padded = PaddedTaps(x);
            Code sum = Code.Local(BiasName(padded));
            foreach (int tap in Enumerable.Range(0, layer.KernelHeight * layer.KernelWidth).Except(padded))
                sum += Code.Local(Window(first + (tap / layer.KernelWidth), (x * layer.StrideWidth) + (tap % layer.KernelWidth))) * Code.Local($"w{tap}");
            writer.Assign("a", sum);
            WriteOutputs(writer, x);
        }
        writer.Statement("if (--row == 0)", 6, 10);
        writer.Statement("    break;", 1, 3);
        writer.Increase("o", layer.OutputWidth * layer.Channels.Count);
    }

    private void WriteOutputs(MethodWriter writer, int x)
    {
        for (int lane = 0; lane < 3; lane++)
        {
            if (lane > 0 && _laneRows[lane] == _laneRows[lane - 1])
                continue;
            Code index = Code.Offset("o", ((_laneRows[lane] * _layer.OutputWidth) + x) * _layer.Channels.Count);
            Code shifted = Code.Local("a").ShiftRight(lane * LanePacking.LaneBits);
            Code sum = lane == 2 ? shifted : shifted & Code.Local("mask");
            Code value = OutputStage.Scale(writer, (sum * Code.Local("factor")) + Code.Local("offset"), _records.IsSplit, Code.Local("unit"), Code.Local("rounding")).ShiftRight("shift");
            if (_isTable)
                writer.Store("arena", index, Code.Element(OutputStage.TableArgument, value.To("int")));
            else if (IsWithinRange)
                writer.Store("arena", index, value.To("sbyte"));
            else
                OutputStage.WriteClamped(writer, _layer.Low, _layer.High, value, index);
        }
    }

    /// <summary>Loads a row of the strip into the locals of its place in the window, and goes to the next one.</summary>
    private void WriteLoad(MethodWriter writer, int row)
    {
        int second = _laneRows[1] * _layer.StrideHeight;
        int third = _laneRows[2] * _layer.StrideHeight;
        bool isGuarded = _layer.PadTop > 0 || LastRow(third) >= _layer.InputHeight;
        if (!isGuarded)
        {
            WriteColumns(writer, row, column => Packed(column, [false, false, false]));
        }
        else
        {
            writer.Open($"if (y >= 0 && y < {_layer.InputHeight - third})", 6, 14);
            WriteColumns(writer, row, column => Packed(column, [false, false, false]));
            writer.Close();
            WriteEdges(writer, row, second, third);
        }
        writer.Increase("i", RowBytes);
        writer.Increase("y", 1);
    }

    /// <summary>Writes the loads of a row that lies outside the image in some lanes: above it in the first one, below it in the last one, or anywhere.</summary>
    private void WriteEdges(MethodWriter writer, int row, int second, int third)
    {
        bool isSimple = second >= _layer.PadTop && second < third && third <= _layer.InputHeight && third - second >= LastRow(third) - _layer.InputHeight + 1;
        writer.OpenRarely(isSimple ? "else if (y < 0)" : "else");
        if (isSimple)
        {
            WriteColumns(writer, row, column => Packed(column, [true, false, false]));
            writer.Close();
            writer.Open("else");
            WriteColumns(writer, row, column => Packed(column, [false, false, true]));
        }
        else
        {
            WriteColumns(writer, row, column => new Code(
                $"LanePacking.PackColumn(arena, {Code.Offset("i", column * _layer.InputChannels).Text}, y, {second}, {third}, {_layer.InputHeight}, {RowBytes}, {_layer.PaddingValue})", 0, 40));
        }
        writer.CloseRarely();
    }

    /// <summary>The last row that the last lane loads.</summary>
    private int LastRow(int third) => ((_rows - 1) * _layer.StrideHeight) + _layer.KernelHeight - 1 - _layer.PadTop + third;

    private void WriteColumns(MethodWriter writer, int row, Func<int, Code> load)
    {
        foreach (int column in Enumerable.Range(0, Columns).Where(column => ColumnState(column) != ColumnKind.Padding))
        {
            string name = Window(row, column);
            bool isChanging = ColumnState(column) == ColumnKind.Changing;
            if (isChanging)
            {
                writer.Open($"if (column < {-column} || column >= {_layer.InputWidth - column})", 6, 14);
                writer.Assign(name, Code.Local("padding"));
                writer.Close();
                writer.Open("else", 0, 3);
            }
            writer.Assign(name, load(column));
            if (isChanging)
                writer.Close();
        }
    }

    /// <summary>A column of a row, packed; lanes in padding hold its value.</summary>
    private Code Packed(int column, bool[] isPadding)
    {
        int offset = column * _layer.InputChannels;
        Code Activation(int lane) => isPadding[lane]
            ? Code.Int(_layer.PaddingValue)
            : Code.Element("arena", Code.Offset("i", offset + (_laneRows[lane] * _layer.StrideHeight * RowBytes)));
        Code low = (Activation(0) + Activation(1).ShiftLeft(LanePacking.LaneBits)).To("long");
        return low + Activation(2).To("long").ShiftLeft(2 * LanePacking.LaneBits);
    }

    /// <summary>The taps of a column of outputs that lie in padding wherever the strip is; what they add is part of the bias.</summary>
    private int[] PaddedTaps(int x) =>
        [.. Enumerable.Range(0, _layer.KernelHeight * _layer.KernelWidth).Where(tap => ColumnState((x * _layer.StrideWidth) + (tap % _layer.KernelWidth)) == ColumnKind.Padding)];

    private static string BiasName(int[] paddedTaps) => paddedTaps.Length == 0 ? "bias" : $"bias{string.Join('_', paddedTaps)}";

    private string Window(int row, int column) => $"r{row % _layer.KernelHeight}c{column}";

    /// <summary>Where a column of the strip lies, looking at all strips.</summary>
    private ColumnKind ColumnState(int column)
    {
        bool[] inside = [.. Enumerable.Range(0, _strips)
            .Select(strip => (Math.Min(strip * _strip, _layer.OutputWidth - _strip) * _layer.StrideWidth) - _layer.PadLeft + column)
            .Select(x => x >= 0 && x < _layer.InputWidth)];
        return Array.TrueForAll(inside, value => value) ? ColumnKind.Inside : inside.Contains(true) ? ColumnKind.Changing : ColumnKind.Padding;
    }

    private enum ColumnKind
    {
        /// <summary>In the image.</summary>
        Inside,

        /// <summary>In the image or in padding, depending on the strip.</summary>
        Changing,

        /// <summary>In padding.</summary>
        Padding,
    }
}
