namespace EdgeMl.Mcu.Toolchain.Emit.CSharp;

/// <summary>Writes the code that turns a lane's sum into an output and stores it.</summary>
internal static class OutputStage
{
    /// <summary>Name of the argument that holds the saturation table.</summary>
    public const string TableArgument = "table";

    /// <summary>Name of the local that holds a product whose sign decides about its rounding.</summary>
    public const string ProductLocal = "q";

    /// <summary>Name of the local that holds a value before it is clamped.</summary>
    public const string ValueLocal = "value";

    /// <summary>Whether a channel can be written in lanes that hold its sum displaced.</summary>
    public static bool CanWrite(OutputChannel channel, long displacement, SaturationTable? table) =>
        channel.Requantization.Constant is not null || Bind(channel, displacement, table) is not null;

    /// <summary>Declares the accumulators, and the locals that <see cref="Write"/> needs for some channels with sums.</summary>
    /// <param name="writer">Gets the declarations.</param>
    /// <param name="channels">The channels that are written.</param>
    /// <param name="slots">Number of accumulators.</param>
    /// <param name="table">The layer's table, or null.</param>
    /// <param name="isMasked">Whether a lane below the highest one is read.</param>
    public static void DeclareLocals(MethodWriter writer, IReadOnlyList<OutputChannel> channels, int slots, SaturationTable? table, bool isMasked = true)
    {
        if (channels.Count == 0)
            return;
        Requantization[] all = [.. channels.Select(channel => channel.Requantization)];
        writer.Statement($"long {string.Join(", ", Enumerable.Range(0, slots).Select(slot => $"a{slot}"))};", 0, 0);
        if (isMasked)
            writer.Declare("long", "mask", Code.Long(SumPlan.LaneLimit - 1));
        if (all.Any(channel => channel.IsSplit))
            writer.Statement($"long {ProductLocal};", 0, 0);
        if (all.Any(channel => !channel.IsWithinRange && table?.Covers(channel) != true))
            writer.Statement($"int {ValueLocal};", 0, 0);
    }

    /// <summary>A lane of the accumulators a0, a1 …, added up.</summary>
    /// <param name="slots">Number of accumulators.</param>
    /// <param name="lane">The lane, 0 to 2.</param>
    public static Code LaneOf(int slots, int lane) => Enumerable.Range(0, slots).Select(slot => Lane(Code.Local($"a{slot}"), lane)).Aggregate((sum, slot) => sum + slot);

    /// <summary>Writes the output of one lane.</summary>
    /// <param name="writer">Gets the statements.</param>
    /// <param name="channel">The output channel.</param>
    /// <param name="lane">The lane's sum, not negative.</param>
    /// <param name="displacement">What the lane holds more than the sum with its bias.</param>
    /// <param name="index">Where the output goes in the arena.</param>
    /// <param name="table">The layer's table, or null.</param>
    public static void Write(MethodWriter writer, OutputChannel channel, Code lane, long displacement, Code index, SaturationTable? table)
    {
        Requantization requantization = channel.Requantization;
        if (requantization.Constant is { } constant)
        {
            writer.Store("arena", index, Code.Int(constant));
            return;
        }
        LaneRequantization scaling = Bind(channel, displacement, table)!.Value.Widened();
        Code value = Scale(writer, lane * Code.Long(scaling.Factor) + Code.Long(scaling.Offset), scaling.IsSplit, Code.Long(scaling.Unit), Code.Long(scaling.SplitOffset)).ShiftRight(scaling.Shift);
        if (requantization.IsWithinRange)
            writer.Store("arena", index, value.To("sbyte"));
        else if (table is not null && table.Covers(requantization))
            writer.Store("arena", index, Code.Element(TableArgument, value.To("int")));
        else
            WriteClamped(writer, requantization.Low, requantization.High, value, index);
    }

    /// <summary>What is shifted right in the end, for a product with its offset; one whose sign decides about its rounding goes through a local.</summary>
    public static Code Scale(MethodWriter writer, Code product, bool isSplit, Code unit, Code splitOffset)
    {
        if (!isSplit)
            return product;
        writer.Assign(ProductLocal, product);
        Code sign = Code.Local(ProductLocal).ShiftRight(63) & unit;
        return Code.Local(ProductLocal) - sign + splitOffset;
    }

    /// <summary>Stores a value that comparisons keep within a range.</summary>
    public static void WriteClamped(MethodWriter writer, int low, int high, Code value, Code index)
    {
        writer.Assign(ValueLocal, value.To("int"));
        Code clamped = Code.Local(ValueLocal);
        // Two comparisons and branches and, at most, one other constant.
        string text = $"(sbyte)({ValueLocal} < {low} ? {low} : {ValueLocal} > {high} ? {high} : {ValueLocal})";
        writer.Store("arena", index, clamped with { Text = text, Instructions = 9, Bytes = 26 });
    }

    private static Code Lane(Code accumulator, int lane)
    {
        Code shifted = accumulator.ShiftRight(lane * Runtime.Compiled.LanePacking.LaneBits);
        return lane == 2 ? shifted : shifted & Code.Local("mask");
    }

    private static LaneRequantization? Bind(OutputChannel channel, long displacement, SaturationTable? table)
    {
        Requantization requantization = channel.Requantization;
        int first = !requantization.IsWithinRange && table is not null && table.Covers(requantization) ? table.First : 0;
        return requantization.ForLanes(displacement, channel.SumMin, channel.SumMax, first);
    }
}
