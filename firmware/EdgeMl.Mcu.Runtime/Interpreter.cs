using System;
using EdgeMl.Mcu.Runtime.Edges;
using EdgeMl.Mcu.Runtime.Format;
using L = EdgeMl.Mcu.Runtime.Format.ModelFormat.LayerRecord;

namespace EdgeMl.Mcu.Runtime;

/// <summary>
/// Runs a model in a fixed arena. All memory is taken by the constructor; nothing is allocated afterwards. Not thread-safe; several interpreters may share a model.
/// </summary>
/// <remarks>
/// The arena is reused while the model runs: set every input before each <see cref="Invoke"/>, and read outputs before the next one.
/// Inputs and outputs are in the device's own order, the last axis fastest (images NHWC).
/// </remarks>
public sealed class Interpreter
{
    private readonly Model _model;
    private readonly Frame _frame;
    private int _layer;
    private int _record;

    /// <summary>Creates an interpreter with as much memory as the model needs.</summary>
    public Interpreter(Model model)
        : this(model, new sbyte[model.ArenaBytes])
    {
    }

    /// <summary>Creates an interpreter in an arena of a given size.</summary>
    /// <exception cref="ModelException"><see cref="Error.ArenaTooSmall"/>: the model needs more.</exception>
    public Interpreter(Model model, int arenaBytes)
        : this(model, new sbyte[arenaBytes])
    {
    }

    /// <summary>Creates an interpreter in an arena that may serve other models as well, one at a time.</summary>
    /// <exception cref="ModelException"><see cref="Error.ArenaTooSmall"/>: the model needs more.</exception>
    public Interpreter(Model model, sbyte[] arena)
    {
        if (arena.Length < model.ArenaBytes)
            throw new ModelException(Error.ArenaTooSmall);
        _model = model;
        _frame = new Frame
        {
            Parameters = model.Data,
            Weights = model.Data,
            Arena = arena,
            Scratch = new int[model.ScratchBytes >> 2],
        };
        Restart();
    }

    /// <summary>The model.</summary>
    public Model Model => _model;

    /// <summary>The arena; inputs and outputs lie at their <see cref="TensorInfo.ArenaOffset"/>.</summary>
    public sbyte[] Arena => _frame.Arena;

    /// <summary>Runs all layers.</summary>
    public void Invoke()
    {
        Restart();
        while (Step())
        {
        }
    }

    /// <summary>Makes the next <see cref="Step"/> run the first layer.</summary>
    public void Restart()
    {
        _layer = 0;
        _record = _model.LayersOffset;
    }

    /// <summary>Runs the next layer, for measuring layer by layer. False where none is left.</summary>
    public bool Step()
    {
        if (_layer == _model.LayerCount)
            return false;
        byte[] data = _frame.Parameters;
        _frame.ParameterOffset = _record + L.Size;
        _frame.WeightOffset = _model.WeightsOffset + BitConverter.ToInt32(data, _record + L.WeightsOffset);
        KernelTable.Find(BitConverter.ToUInt16(data, _record + L.OpCodeOffset)).Run(_frame);
        _record = _model.NextLayer(_record);
        _layer++;
        return true;
    }

    /// <summary>Copies int8 values into an input.</summary>
    /// <exception cref="ModelException"><see cref="Error.NoSuchTensor"/>, <see cref="Error.WrongLength"/></exception>
    public void SetInput(int index, sbyte[] values)
    {
        TensorInfo input = _model.Input(index);
        RequireLength(input, values.Length);
        Array.Copy(values, 0, _frame.Arena, input.ArenaOffset, values.Length);
    }

    /// <summary>Quantises real values into an input: <c>round(x / scale) + zeroPoint</c>, half away from zero, held within int8; NaN counts as 0.</summary>
    /// <exception cref="ModelException"><see cref="Error.NoSuchTensor"/>, <see cref="Error.WrongLength"/></exception>
    public void SetInput(int index, float[] values)
    {
        TensorInfo input = _model.Input(index);
        RequireLength(input, values.Length);
        FloatEdge.Quantize(values, _frame.Arena, input.ArenaOffset, input.Scale, input.ZeroPoint);
    }

    /// <summary>Copies an output's int8 values.</summary>
    /// <exception cref="ModelException"><see cref="Error.NoSuchTensor"/>, <see cref="Error.WrongLength"/></exception>
    public void GetOutput(int index, sbyte[] values)
    {
        TensorInfo output = _model.Output(index);
        RequireLength(output, values.Length);
        Array.Copy(_frame.Arena, output.ArenaOffset, values, 0, values.Length);
    }

    /// <summary>Gives an output's real values, <c>scale * (q - zeroPoint)</c>, and applies the float operator that the source model ends with, if any.</summary>
    /// <exception cref="ModelException"><see cref="Error.NoSuchTensor"/>, <see cref="Error.WrongLength"/></exception>
    public void GetOutput(int index, float[] values)
    {
        TensorInfo output = _model.Output(index);
        RequireLength(output, values.Length);
        FloatEdge.Dequantize(_frame.Arena, output.ArenaOffset, values, output.Scale, output.ZeroPoint);
        if (output.Edge == TensorEdge.FloatSoftmax)
            FloatSoftmax.Softmax(values, output.Dimension(output.Rank - 1));
        else if (output.Edge == TensorEdge.FloatLogSoftmax)
            FloatSoftmax.LogSoftmax(values, output.Dimension(output.Rank - 1));
    }

    /// <summary>Index of the greatest element of an output, the lowest among equals: the class of a classifier with one row of outputs.</summary>
    /// <exception cref="ModelException"><see cref="Error.NoSuchTensor"/></exception>
    public int ArgMax(int index)
    {
        TensorInfo output = _model.Output(index);
        sbyte[] arena = _frame.Arena;
        int start = output.ArenaOffset;
        int end = start + output.Count;
        int best = start;
        for (int i = start + 1; i < end; i++)
        {
            if (arena[i] > arena[best])
                best = i;
        }
        return best - start;
    }

    /// <summary>Runs the model on its self-test inputs and compares every output bit. Overwrites the arena.</summary>
    /// <returns><see cref="Error.None"/>, <see cref="Error.SelfTestFailed"/> or <see cref="Error.NoSelfTest"/>.</returns>
    public Error SelfTest()
    {
        if (!_model.HasSelfTest)
            return Error.NoSelfTest;
        byte[] data = _model.Data;
        sbyte[] arena = _frame.Arena;
        int expected = _model.SelfTestOffset;
        uint seed = (uint)BitConverter.ToInt32(data, expected + ModelFormat.SelfTestRecord.SeedOffset);
        for (int i = 0; i < _model.InputCount; i++)
            seed = SelfTestVector.Fill(arena, _model.Input(i).ArenaOffset, _model.Input(i).Count, seed);
        Invoke();
        expected += ModelFormat.SelfTestRecord.OutputsOffset;
        for (int i = 0; i < _model.OutputCount; i++)
        {
            TensorInfo output = _model.Output(i);
            int end = output.ArenaOffset + output.Count;
            for (int y = output.ArenaOffset; y < end; y++)
            {
                if (arena[y] != (sbyte)data[expected++])
                    return Error.SelfTestFailed;
            }
        }
        return Error.None;
    }

    private static void RequireLength(TensorInfo tensor, int length)
    {
        if (length != tensor.Count)
            throw new ModelException(Error.WrongLength);
    }
}
