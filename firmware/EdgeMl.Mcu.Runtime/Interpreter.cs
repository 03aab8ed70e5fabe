using System;
using EdgeMl.Mcu.Runtime.Arithmetic;
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
    private readonly long[][][] _packed;
    private int _layer;
    private int _record;

    /// <summary>Creates an interpreter with as much memory as the model needs.</summary>
    public Interpreter(Model model)
        : this(model, new sbyte[model.ArenaBytes + model.StripBytes])
    {
    }

    /// <summary>Creates an interpreter in an arena of a given size, at least <see cref="Model.ArenaBytes"/> + <see cref="Model.StripBytes"/>.</summary>
    /// <exception cref="ModelException"><see cref="Error.ArenaTooSmall"/>: the model needs more.</exception>
    public Interpreter(Model model, int arenaBytes)
        : this(model, Allocate(model, arenaBytes))
    {
    }

    /// <summary>Creates an interpreter in an arena that may serve other models as well, one at a time; of the size given above.</summary>
    /// <exception cref="ModelException"><see cref="Error.ArenaTooSmall"/>: the model needs more.</exception>
    public Interpreter(Model model, sbyte[] arena)
    {
        if (arena.Length < model.ArenaBytes + model.StripBytes)
            throw new ModelException(Error.ArenaTooSmall);
        _model = model;
        _frame = new Frame
        {
            Parameters = model.Data,
            Weights = model.Weights.Bytes,
            Arena = arena,
            Lanes = new long[model.LaneBytes >> 3],
            Strip = model.ArenaBytes,
            Row = new byte[model.RowBytes],
        };
        if (model.PackedBytes > 0)
            _packed = Pack();
        ResetState();
    }

    /// <summary>The model.</summary>
    public Model Model => _model;

    /// <summary>The arena; inputs and outputs lie at their <see cref="TensorInfo.ArenaOffset"/>.</summary>
    public sbyte[] Arena => _frame.Arena;

    /// <summary>Runs all layers.</summary>
    /// <exception cref="ModelException"><see cref="Error.SourceFailed"/>: the model's weights are paged and could not be read.</exception>
    public void Invoke()
    {
        Restart();
        while (Step())
        {
        }
    }

    /// <summary>
    /// Lets recurrent layers forget what they have seen; the constructor has done it once. After another model has used the arena, the state is lost and must be reset.
    /// </summary>
    public void ResetState()
    {
        Restart();
        while (_layer < _model.LayerCount)
            Advance().ResetState(_frame);
        Restart();
    }

    /// <summary>Makes the next <see cref="Step"/> run the first layer.</summary>
    public void Restart()
    {
        _layer = 0;
        _record = _model.LayersOffset;
    }

    /// <summary>Runs the next layer, for measuring layer by layer. False where none is left.</summary>
    /// <exception cref="ModelException">As <see cref="Invoke"/>.</exception>
    public bool Step()
    {
        if (_layer == _model.LayerCount)
            return false;
        LoadWeights();
        Advance().Run(_frame);
        return true;
    }

    /// <summary>Copies values into an int8 input.</summary>
    /// <exception cref="ModelException"><see cref="Error.NoSuchTensor"/>, <see cref="Error.WrongType"/>, <see cref="Error.WrongLength"/></exception>
    public void SetInput(int index, sbyte[] values)
    {
        TensorInfo input = _model.Input(index);
        Require(input, TensorType.Int8, values.Length);
        Array.Copy(values, 0, _frame.Arena, input.ArenaOffset, values.Length);
    }

    /// <summary>Copies values into an int16 input.</summary>
    /// <exception cref="ModelException"><see cref="Error.NoSuchTensor"/>, <see cref="Error.WrongType"/>, <see cref="Error.WrongLength"/></exception>
    public void SetInput(int index, short[] values)
    {
        TensorInfo input = _model.Input(index);
        Require(input, TensorType.Int16, values.Length);
        for (int i = 0; i < values.Length; i++)
            Element.WriteInt16(_frame.Arena, input.ArenaOffset + (i << 1), values[i]);
    }

    /// <summary>Copies values into an int32 input.</summary>
    /// <exception cref="ModelException"><see cref="Error.NoSuchTensor"/>, <see cref="Error.WrongType"/>, <see cref="Error.WrongLength"/></exception>
    public void SetInput(int index, int[] values)
    {
        TensorInfo input = _model.Input(index);
        Require(input, TensorType.Int32, values.Length);
        for (int i = 0; i < values.Length; i++)
            Element.Write(_frame.Arena, input.ArenaOffset + (i << 2), (int)TensorType.Int32, values[i]);
    }

    /// <summary>Copies the bytes of an input of any type, <see cref="TensorInfo.ByteCount"/> of them, elements little-endian.</summary>
    /// <exception cref="ModelException"><see cref="Error.NoSuchTensor"/>, <see cref="Error.WrongLength"/></exception>
    public void SetInput(int index, byte[] values)
    {
        TensorInfo input = _model.Input(index);
        RequireLength(input.ByteCount, values.Length);
        int offset = input.ArenaOffset;
        for (int i = 0; i < values.Length; i++)
            _frame.Arena[offset + i] = (sbyte)values[i];
    }

    /// <summary>
    /// Quantises real values into an int8, uint8 or int16 input: <c>round(x / scale) + zeroPoint</c>, half away from zero, held within the type; NaN counts as 0. A float32 input
    /// takes them as they are, and one with <see cref="TensorEdge.FloatCeiling"/> as that says.
    /// </summary>
    /// <exception cref="ModelException"><see cref="Error.NoSuchTensor"/>, <see cref="Error.WrongType"/>, <see cref="Error.WrongLength"/></exception>
    public void SetInput(int index, float[] values)
    {
        TensorInfo input = _model.Input(index);
        RequireLength(input.Count, values.Length);
        if (input.Edge == TensorEdge.FloatCeiling)
            FloatEdge.Ceiling(values, _frame.Arena, input.ArenaOffset, input.Scale, input.ZeroPoint);
        else if (input.ElementType == TensorType.Int8)
            FloatEdge.Quantize(values, _frame.Arena, input.ArenaOffset, input.Scale, input.ZeroPoint);
        else if (input.TakesReals)
            TypedFloatEdge.Quantize(values, _frame.Arena, input.ArenaOffset, input.Scale, input.ZeroPoint, (int)input.ElementType);
        else if (input.ElementType == TensorType.Float32)
            TypedFloatEdge.Write(values, _frame.Arena, input.ArenaOffset);
        else
            throw new ModelException(Error.WrongType);
    }

    /// <summary>Copies an int8 output's values.</summary>
    /// <exception cref="ModelException"><see cref="Error.NoSuchTensor"/>, <see cref="Error.WrongType"/>, <see cref="Error.WrongLength"/></exception>
    public void GetOutput(int index, sbyte[] values)
    {
        TensorInfo output = _model.Output(index);
        Require(output, TensorType.Int8, values.Length);
        Array.Copy(_frame.Arena, output.ArenaOffset, values, 0, values.Length);
    }

    /// <summary>Copies an int16 output's values.</summary>
    /// <exception cref="ModelException"><see cref="Error.NoSuchTensor"/>, <see cref="Error.WrongType"/>, <see cref="Error.WrongLength"/></exception>
    public void GetOutput(int index, short[] values)
    {
        TensorInfo output = _model.Output(index);
        Require(output, TensorType.Int16, values.Length);
        for (int i = 0; i < values.Length; i++)
            values[i] = (short)Element.ReadInt16(_frame.Arena, output.ArenaOffset + (i << 1));
    }

    /// <summary>Copies an int32 output's values.</summary>
    /// <exception cref="ModelException"><see cref="Error.NoSuchTensor"/>, <see cref="Error.WrongType"/>, <see cref="Error.WrongLength"/></exception>
    public void GetOutput(int index, int[] values)
    {
        TensorInfo output = _model.Output(index);
        Require(output, TensorType.Int32, values.Length);
        for (int i = 0; i < values.Length; i++)
            values[i] = Element.ReadInt32(_frame.Arena, output.ArenaOffset + (i << 2));
    }

    /// <summary>Copies the bytes of an output of any type, <see cref="TensorInfo.ByteCount"/> of them, elements little-endian.</summary>
    /// <exception cref="ModelException"><see cref="Error.NoSuchTensor"/>, <see cref="Error.WrongLength"/></exception>
    public void GetOutput(int index, byte[] values)
    {
        TensorInfo output = _model.Output(index);
        RequireLength(output.ByteCount, values.Length);
        int offset = output.ArenaOffset;
        for (int i = 0; i < values.Length; i++)
            values[i] = (byte)_frame.Arena[offset + i];
    }

    /// <summary>
    /// Gives an output's real values, <c>scale * (q - zeroPoint)</c> or a float32 as it is, and applies the float operator that the source model ends with, if any. Booleans are 0 and 1.
    /// </summary>
    /// <exception cref="ModelException"><see cref="Error.NoSuchTensor"/>, <see cref="Error.WrongType"/> for int64, <see cref="Error.WrongLength"/></exception>
    public void GetOutput(int index, float[] values)
    {
        TensorInfo output = _model.Output(index);
        RequireLength(output.Count, values.Length);
        if (output.ElementType == TensorType.Int8)
            FloatEdge.Dequantize(_frame.Arena, output.ArenaOffset, values, output.Scale, output.ZeroPoint);
        else if (output.ElementType == TensorType.Float32)
            TypedFloatEdge.Read(_frame.Arena, output.ArenaOffset, values);
        else if (output.ElementType != TensorType.Int64)
            TypedFloatEdge.Dequantize(_frame.Arena, output.ArenaOffset, values, output.Scale, output.ZeroPoint, (int)output.ElementType);
        else
            throw new ModelException(Error.WrongType);
        if (output.Edge == TensorEdge.FloatSoftmax)
            FloatSoftmax.Softmax(values, output.Dimension(output.Rank - 1));
        else if (output.Edge == TensorEdge.FloatLogSoftmax)
            FloatSoftmax.LogSoftmax(values, output.Dimension(output.Rank - 1));
        else if (output.Edge == TensorEdge.FloatLogistic)
            FloatSoftmax.Logistic(values);
    }

    /// <summary>Index of the greatest element of an output, the lowest among equals: the class of a classifier with one row of outputs.</summary>
    /// <exception cref="ModelException"><see cref="Error.NoSuchTensor"/></exception>
    public int ArgMax(int index)
    {
        TensorInfo output = _model.Output(index);
        sbyte[] arena = _frame.Arena;
        int start = output.ArenaOffset;
        int type = (int)output.ElementType;
        int shift = Element.SizeShift(type);
        int count = output.Count;
        int best = 0;
        int greatest = ReadOrdered(arena, start, type);
        for (int i = 1; i < count; i++)
        {
            int value = ReadOrdered(arena, start + (i << shift), type);
            if (value > greatest)
            {
                greatest = value;
                best = i;
            }
        }
        return best;
    }

    /// <summary>Runs the model on its self-test inputs and compares every output bit. Overwrites the arena and resets the state.</summary>
    /// <returns><see cref="Error.None"/>, <see cref="Error.SelfTestFailed"/> or <see cref="Error.NoSelfTest"/>.</returns>
    public Error SelfTest()
    {
        if (!_model.HasSelfTest)
            return Error.NoSelfTest;
        byte[] data = _model.Data;
        sbyte[] arena = _frame.Arena;
        int expected = _model.SelfTestOffset;
        ResetState();
        uint seed = (uint)BitConverter.ToInt32(data, expected + ModelFormat.SelfTestRecord.SeedOffset);
        for (int i = 0; i < _model.InputCount; i++)
            seed = SelfTestVector.Fill(arena, _model.Input(i).ArenaOffset, _model.Input(i).ByteCount, seed);
        Invoke();
        Error result = Error.None;
        expected += ModelFormat.SelfTestRecord.OutputsOffset;
        for (int i = 0; i < _model.OutputCount; i++)
        {
            TensorInfo output = _model.Output(i);
            int end = output.ArenaOffset + output.ByteCount;
            for (int y = output.ArenaOffset; y < end; y++)
            {
                if (arena[y] != (sbyte)data[expected++])
                    result = Error.SelfTestFailed;
            }
        }
        ResetState();
        return result;
    }

    private static sbyte[] Allocate(Model model, int arenaBytes)
    {
        if (arenaBytes < model.ArenaBytes + model.StripBytes)
            throw new ModelException(Error.ArenaTooSmall);
        return new sbyte[arenaBytes];
    }

    private long[][][] Pack()
    {
        var packed = new long[_model.LayerCount][][];
        Restart();
        while (_layer < packed.Length)
        {
            int layer = _layer;
            LoadWeights();
            packed[layer] = Advance().Pack(_frame);
        }
        return packed;
    }

    /// <summary>Brings the next layer's weights into memory.</summary>
    private void LoadWeights()
    {
        byte[] data = _frame.Parameters;
        _frame.WeightOffset = _model.Weights.Load(BitConverter.ToInt32(data, _record + L.WeightsOffset), BitConverter.ToInt32(data, _record + L.WeightsLengthOffset));
        if (_frame.WeightOffset < 0)
            throw new ModelException(Error.SourceFailed);
    }

    /// <summary>The kernel of the next layer, with the frame's parameters set to it.</summary>
    private Kernel Advance()
    {
        _frame.ParameterOffset = _record + L.Size;
        Kernel kernel = _model.KernelOf(BitConverter.ToUInt16(_frame.Parameters, _record + L.OpCodeOffset));
        _frame.Packed = _packed == null ? null : _packed[_layer];
        _record = _model.NextLayer(_record);
        _layer++;
        return kernel;
    }

    private static int ReadOrdered(sbyte[] arena, int offset, int type)
    {
        int value = Element.Read(arena, offset, type);
        return type == (int)TensorType.Float32 ? FloatBits.Key(value, true) : value;
    }

    private static void Require(TensorInfo tensor, TensorType type, int length)
    {
        if (tensor.ElementType != type)
            throw new ModelException(Error.WrongType);
        RequireLength(tensor.Count, length);
    }

    private static void RequireLength(int expected, int length)
    {
        if (length != expected)
            throw new ModelException(Error.WrongLength);
    }
}
