using EdgeMl.Mcu.Runtime;

namespace EdgeMl.Mcu.Toolchain.Inspect;

/// <summary>How full the arena of a device model is.</summary>
public static class DeviceArena
{
    /// <summary>
    /// Lower bound of the arena: the largest number of bytes that are alive in one step, what the step reads and writes included. Bytes that a
    /// layer overwrites in place count once; what recurrent layers remember is always alive.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="file">The bytes that it was loaded from.</param>
    public static int LowerBoundBytes(Model model, byte[] file)
    {
        var alive = new bool[model.ArenaBytes];
        int count = 0;
        for (int i = 0; i < model.OutputCount; i++)
            Set(Span(model.Output(i)), true);
        List<DeviceLayer> layers = DeviceLayers.Read(file);
        foreach (DeviceLayer layer in layers)
            Set(ArenaAccess.States(layer.Op, layer.Parameter), true);
        int largest = count;
        for (int i = layers.Count - 1; i >= 0; i--)
        {
            DeviceLayer layer = layers[i];
            IEnumerable<int> writes = ArenaAccess.Writes(layer.Op, layer.Parameter);
            IEnumerable<int> reads = ArenaAccess.Reads(layer.Op, layer.Parameter);
            Set(writes, true);
            Set(reads, true);
            largest = Math.Max(largest, count);
            Set(writes, false);
            Set(reads, true);
        }
        for (int i = 0; i < model.InputCount; i++)
            Set(Span(model.Input(i)), true);
        return Math.Max(largest, count);

        void Set(IEnumerable<int> offsets, bool value)
        {
            foreach (int offset in offsets)
            {
                if (alive[offset] == value)
                    continue;
                alive[offset] = value;
                count += value ? 1 : -1;
            }
        }
    }

    private static IEnumerable<int> Span(TensorInfo tensor) => Enumerable.Range(tensor.ArenaOffset, tensor.ByteCount);
}
