using EdgeMl.Mcu.Toolchain.Inspect;

namespace EdgeMl.Mcu.Toolchain.Boards;

/// <summary>Compares a model with a board.</summary>
public static class BoardPlanner
{
    /// <summary>Plans a model on a board.</summary>
    /// <param name="model">Name of the model.</param>
    /// <param name="board">The board.</param>
    /// <param name="footprint">What the model takes.</param>
    /// <param name="paged">What it would take with its weights in pages; null where they are already.</param>
    /// <param name="scratchBytes">Bytes of the heap that only make kernels faster.</param>
    /// <param name="execution">What an inference executes.</param>
    public static BoardPlan Plan(string model, Board board, DeviceFootprint footprint, DeviceFootprint? paged, long scratchBytes, ExecutionReport execution)
    {
        PlanRegion[] regions =
        [
            new("flash", footprint.FlashBytes, board.FlashBytes, footprint.Flash),
            new("heap", footprint.HeapBytes, board.HeapBytes, footprint.Heap),
            new("largestArray", footprint.LargestArrayBytes, DeviceFootprint.ArrayBytesMax, []),
        ];
        double milliseconds = board.NanosecondsPerIl * 1e-6;
        return new BoardPlan(
            model, board.Name, footprint.FitsOn(board), footprint.RuntimeAssemblies, regions, execution.Il, execution.WeightedIl, execution.WeightedIl * milliseconds, board.SpeedSource,
            [.. execution.Layers.Select(layer => new PlannedLayer(layer.Name, layer.Operator, layer.Macs, layer.Il, layer.WeightedIl * milliseconds))],
            footprint.FitsOn(board) ? [] : [.. Advice(board, footprint, paged, scratchBytes)]);
    }

    private static IEnumerable<string> Advice(Board board, DeviceFootprint footprint, DeviceFootprint? paged, long scratchBytes)
    {
        long missing = footprint.HeapBytes - board.HeapBytes;
        if (paged is not null && paged.HeapBytes < footprint.HeapBytes && (missing > 0 || footprint.LargestArrayBytes > DeviceFootprint.ArrayBytesMax))
        {
            yield return $"Leave the weights in flash and read them in pages: the heap then takes {paged.HeapBytes:N0} bytes{(paged.FitsOn(board) ? ", which fits" : "")}; --page BYTES cuts large layers to smaller pages.";
        }
        if (missing > 0 && scratchBytes > 0)
            yield return $"Give kernels less scratch memory, of which they have {scratchBytes:N0} bytes; they get slower (--scratch).";
        if (missing > 0 && footprint.Heap.MaxBy(part => part.Bytes) is { } largest)
            yield return $"The heap lacks {missing:N0} bytes; its largest part is the {largest.Name} with {largest.Bytes:N0}.";
        if (footprint.FlashBytes > board.FlashBytes)
            yield return $"The flash lacks {footprint.FlashBytes - board.FlashBytes:N0} bytes: prune the model (edgeml prune) or train a smaller one.";
        string[] others = [.. BoardCatalog.All.Where(footprint.FitsOn).Select(other => other.Name)];
        yield return others.Length > 0 ? $"As it is, it fits on {string.Join(", ", others)}." : "As it is, it fits on no board that is known: prune it (edgeml prune) or train a smaller one.";
    }
}
