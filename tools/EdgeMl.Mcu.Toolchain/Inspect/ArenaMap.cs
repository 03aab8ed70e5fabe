using EdgeMl.Mcu.Runtime;

namespace EdgeMl.Mcu.Toolchain.Inspect;

/// <summary>A piece of the arena and when it is in use. Tensors that take each other's place are one piece.</summary>
/// <param name="Name">The first tensor in it: an input's name, or the name of the layer that writes it.</param>
/// <param name="Offset">First byte in the arena.</param>
/// <param name="Bytes">Size.</param>
/// <param name="FirstStep">Layer that writes it first; -1 for inputs and for what layers remember.</param>
/// <param name="LastStep">Layer that reads it last; the number of layers for outputs and for what layers remember.</param>
public sealed record ArenaPiece(string Name, int Offset, int Bytes, int FirstStep, int LastStep)
{
    /// <summary>One past the last byte.</summary>
    internal int End => Offset + Bytes;

    /// <summary>Whether both hold a same byte during a same step.</summary>
    public bool Overlaps(ArenaPiece other) =>
        FirstStep <= other.LastStep && other.FirstStep <= LastStep && Offset < other.End && other.Offset < End;

    /// <summary>The piece that holds both, named after the first.</summary>
    public ArenaPiece Join(ArenaPiece later)
    {
        int offset = Math.Min(Offset, later.Offset);
        return new ArenaPiece(Name, offset, Math.Max(End, later.End) - offset, Math.Min(FirstStep, later.FirstStep), Math.Max(LastStep, later.LastStep));
    }
}

/// <summary>What a device model keeps where in its arena, and when: found from the parameters of its layers.</summary>
public static class ArenaMap
{
    /// <summary>The pieces, by first step and offset.</summary>
    /// <param name="model">The model.</param>
    /// <param name="file">The bytes that it was loaded from.</param>
    public static IReadOnlyList<ArenaPiece> Of(Model model, byte[] file)
    {
        var writer = new Recorder(model.ArenaBytes);
        for (int i = 0; i < model.InputCount; i++)
            writer.Write(Name(model.Input(i).Name, $"input_{i}"), Span(model.Input(i)), -1);
        List<DeviceLayer> layers = DeviceLayers.Read(file);
        for (int step = 0; step < layers.Count; step++)
            writer.Remember($"{Name(model.LayerName(step), $"layer_{step}")} (state)", ArenaAccess.States(layers[step].Op, layers[step].Parameter), layers.Count);
        for (int step = 0; step < layers.Count; step++)
        {
            writer.Read(ArenaAccess.Reads(layers[step].Op, layers[step].Parameter), step);
            writer.Write(Name(model.LayerName(step), $"layer_{step}"), ArenaAccess.Writes(layers[step].Op, layers[step].Parameter), step);
        }
        for (int i = 0; i < model.OutputCount; i++)
            writer.Read(Span(model.Output(i)), layers.Count);
        return Join(writer.Pieces);
    }

    /// <summary>Joins what is written in place, or a part at a time.</summary>
    private static List<ArenaPiece> Join(IEnumerable<ArenaPiece> pieces)
    {
        var joined = new List<ArenaPiece>();
        foreach (ArenaPiece piece in pieces)
        {
            ArenaPiece whole = piece;
            for (int i = joined.FindIndex(other => other.Overlaps(whole)); i >= 0; i = joined.FindIndex(other => other.Overlaps(whole)))
            {
                whole = joined[i].Join(whole);
                joined.RemoveAt(i);
            }
            joined.Add(whole);
        }
        return [.. joined.OrderBy(piece => piece.FirstStep).ThenBy(piece => piece.Offset)];
    }

    private static string Name(string name, string other) => name.Length > 0 ? name : other;

    private static IEnumerable<int> Span(TensorInfo tensor) => Enumerable.Range(tensor.ArenaOffset, tensor.ByteCount);

    /// <summary>Knows for each byte of the arena which piece holds it.</summary>
    private sealed class Recorder
    {
        private readonly int[] _holder;
        private readonly List<ArenaPiece> _pieces = [];

        public Recorder(int arenaBytes)
        {
            _holder = new int[arenaBytes];
            Array.Fill(_holder, -1);
        }

        public IEnumerable<ArenaPiece> Pieces => _pieces.Where(piece => piece.Bytes > 0);

        public void Write(string name, IEnumerable<int> offsets, int step)
        {
            int first = int.MaxValue;
            int end = 0;
            foreach (int offset in offsets)
            {
                _holder[offset] = _pieces.Count;
                first = Math.Min(first, offset);
                end = Math.Max(end, offset + 1);
            }
            _pieces.Add(new ArenaPiece(name, end == 0 ? 0 : first, end == 0 ? 0 : end - first, step, step));
        }

        public void Remember(string name, IEnumerable<int> offsets, int steps)
        {
            Write(name, offsets, -1);
            _pieces[^1] = _pieces[^1] with { LastStep = steps };
        }

        public void Read(IEnumerable<int> offsets, int step)
        {
            int last = -1;
            foreach (int offset in offsets)
            {
                int holder = _holder[offset];
                if (holder < 0 || holder == last)
                    continue;
                _pieces[holder] = _pieces[holder] with { LastStep = Math.Max(_pieces[holder].LastStep, step) };
                last = holder;
            }
        }
    }
}
