using System;
using EdgeMl.Mcu.Runtime.Arithmetic;
using EdgeMl.Mcu.Runtime.Kernels;

namespace EdgeMl.Mcu.Runtime.Typed;

/// <summary>
/// Long short-term memory layer over a sequence, int8 activations and weights, int16 gates and cells. Hidden state and cells stay in the arena from one inference to the next.
/// </summary>
/// <remarks>
/// With gates i, f, g, o: <c>gate = act(W x + b + R h)</c>, both products requantised to 2^-12 and held within int16; act is the hyperbolic tangent for g and the logistic
/// function for the others, in Q0.15. <c>c = f c + i g</c>, <c>h = o tanh(c)</c>. Weights: W [4, U, inputs] int8, R [4, U, U] int8, padding to a multiple of 4, biases of W x
/// [4, U] int32, biases of R h [4, U] int32, both with the zero points' share folded in, the table of <see cref="SigmoidCurve"/>. Gates in the order i, f, g, o.
/// </remarks>
public sealed class Lstm : Kernel
{
    /// <summary>Parameter: offset of the input in the arena.</summary>
    public const int Input = 0;

    /// <summary>Parameter: offset of the output in the arena.</summary>
    public const int Output = 1;

    /// <summary>Parameter: offset of the hidden state [batches, U] int8 in the arena.</summary>
    public const int Hidden = 2;

    /// <summary>Parameter: offset of the cells [batches, U] int16 in the arena.</summary>
    public const int Cell = 3;

    /// <summary>Parameter: number of batches.</summary>
    public const int Batches = 4;

    /// <summary>Parameter: steps of the sequence.</summary>
    public const int Steps = 5;

    /// <summary>Parameter: elements of the input of a step.</summary>
    public const int InputDepth = 6;

    /// <summary>Parameter: U, elements of the output of a step.</summary>
    public const int Units = 7;

    /// <summary>Parameter: 1 where the tensors are [steps, batches, …], 0 for [batches, steps, …].</summary>
    public const int TimeMajor = 8;

    /// <summary>Parameter: zero point of hidden state and output.</summary>
    public const int HiddenZeroPoint = 9;

    /// <summary>Parameter: greatest magnitude of a cell, 0 for no bound.</summary>
    public const int CellClip = 10;

    /// <summary>Parameters: multiplier and right shift that bring a cell to steps of 1 / 12288.</summary>
    public const int CellScale = 11;

    /// <summary>Parameters: Q0.31 multiplier and shift of W x, four times.</summary>
    public const int InputMultipliers = 13;

    /// <summary>Parameters: Q0.31 multiplier and shift of R h, four times.</summary>
    public const int HiddenMultipliers = 21;

    /// <summary>Parameters: Q0.31 multiplier and shift of f c.</summary>
    public const int ForgetMultiplier = 29;

    /// <summary>Parameters: Q0.31 multiplier and shift of i g.</summary>
    public const int UpdateMultiplier = 31;

    /// <summary>Parameters: Q0.31 multiplier and shift of o tanh(c).</summary>
    public const int OutputMultiplier = 33;

    /// <summary>Number of parameters.</summary>
    public const int Count = 35;

    /// <summary>Number of gates.</summary>
    public const int Gates = 4;

    private const int CellGate = 2;

    /// <inheritdoc/>
    public override int ParameterCount => Count;

    /// <summary>Bytes of weights, biases and table; the dimensions' products are below 2^28.</summary>
    public static long WeightBytes(int inputDepth, int units)
    {
        return Biases(inputDepth, units) + (32L * units) + SigmoidCurve.Bytes;
    }

    /// <summary>Where the biases begin, from the start of the weights.</summary>
    public static int Biases(int inputDepth, int units)
    {
        return ChannelTable.Start(0, Gates * units * (inputDepth + units));
    }

    /// <inheritdoc/>
    public override void Validate(LayerReader layer)
    {
        int inputDepth = layer.Dimension(InputDepth);
        int units = layer.Dimension(Units);
        int rows = layer.Product(layer.Dimension(Batches), layer.Dimension(Steps));
        int states = layer.Product(layer.Dimension(Batches), units);
        layer.Arena(Input, layer.Product(rows, inputDepth));
        layer.Arena(Output, layer.Product(rows, units));
        layer.Arena(Hidden, states);
        layer.Arena(Cell, layer.Product(states, 2));
        layer.Range(TimeMajor, 0, 1);
        layer.Range(HiddenZeroPoint, -128, 127);
        layer.Range(CellClip, 0, short.MaxValue);
        layer.Range(CellScale, 0, short.MaxValue);
        layer.Range(CellScale + 1, 0, 31);
        for (int i = InputMultipliers; i < Count; i += 2)
        {
            layer.Range(i, 0, int.MaxValue);
            layer.Range(i + 1, -31, 30);
        }
        layer.Product(2 * Gates, layer.Product(units, inputDepth));
        layer.Product(2 * Gates, layer.Product(units, units));
        if (!layer.Failed)
            layer.Weights(WeightBytes(inputDepth, units));
    }

    /// <inheritdoc/>
    public override void ResetState(Frame frame)
    {
        int count = frame.Int(Batches) * frame.Int(Units);
        int hidden = frame.Int(Hidden);
        int cell = frame.Int(Cell);
        for (int i = 0; i < count; i++)
        {
            frame.Arena[hidden + i] = (sbyte)frame.Int(HiddenZeroPoint);
            Element.WriteInt16(frame.Arena, cell + (2 * i), 0);
        }
    }

    /// <inheritdoc/>
    public override void Run(Frame frame)
    {
        int batches = frame.Int(Batches);
        int steps = frame.Int(Steps);
        int inputDepth = frame.Int(InputDepth);
        int units = frame.Int(Units);
        bool timeMajor = frame.Int(TimeMajor) != 0;
        sbyte[] arena = frame.Arena;
        for (int b = 0; b < batches; b++)
        {
            int hidden = frame.Int(Hidden) + (b * units);
            int cell = frame.Int(Cell) + (2 * b * units);
            for (int t = 0; t < steps; t++)
            {
                int row = timeMajor ? (t * batches) + b : (b * steps) + t;
                int y = frame.Int(Output) + (row * units);
                for (int u = 0; u < units; u++)
                    arena[y + u] = (sbyte)Unit(frame, u, frame.Int(Input) + (row * inputDepth), hidden, cell + (2 * u));
                for (int u = 0; u < units; u++)
                    arena[hidden + u] = arena[y + u];
            }
        }
    }

    /// <summary>Brings one cell a step further and gives its new hidden state.</summary>
    private static int Unit(Frame frame, int u, int x, int hidden, int cell)
    {
        int table = frame.WeightOffset + Biases(frame.Int(InputDepth), frame.Int(Units)) + (32 * frame.Int(Units));
        int update = Gate(frame, 0, u, x, hidden, table);
        int forget = Gate(frame, 1, u, x, hidden, table);
        int candidate = Gate(frame, CellGate, u, x, hidden, table);
        int output = Gate(frame, 3, u, x, hidden, table);
        int kept = Held(Scale(frame, forget * Element.ReadInt16(frame.Arena, cell), ForgetMultiplier));
        int value = Held(kept + Held(Scale(frame, update * candidate, UpdateMultiplier)));
        int clip = frame.Int(CellClip);
        if (clip > 0 && value > clip)
            value = clip;
        if (clip > 0 && value < -clip)
            value = -clip;
        Element.WriteInt16(frame.Arena, cell, value);
        int shift = frame.Int(CellScale + 1);
        int scaled = ((value * frame.Int(CellScale)) + (shift > 0 ? 1 << (shift - 1) : 0)) >> shift;
        value = Scale(frame, output * SigmoidCurve.Tanh(frame.Weights, table, scaled), OutputMultiplier) + frame.Int(HiddenZeroPoint);
        if (value < -128)
            return -128;
        return value > 127 ? 127 : value;
    }

    /// <summary>A gate of a unit in Q0.15.</summary>
    private static int Gate(Frame frame, int gate, int u, int x, int hidden, int table)
    {
        int inputDepth = frame.Int(InputDepth);
        int units = frame.Int(Units);
        int row = (gate * units) + u;
        int recurrent = frame.WeightOffset + (Gates * units * inputDepth);
        int biases = frame.WeightOffset + Biases(inputDepth, units);
        int sum = Product(frame, x, frame.WeightOffset + (row * inputDepth), inputDepth, biases + (4 * row));
        int fed = Product(frame, hidden, recurrent + (row * units), units, biases + (4 * ((Gates * units) + row)));
        int value = 3 * Held(Held(Scale(frame, sum, InputMultipliers + (2 * gate))) + Held(Scale(frame, fed, HiddenMultipliers + (2 * gate))));
        return gate == CellGate ? SigmoidCurve.Tanh(frame.Weights, table, value) : SigmoidCurve.Logistic(frame.Weights, table, value);
    }

    private static int Product(Frame frame, int x, int w, int depth, int bias)
    {
        sbyte[] arena = frame.Arena;
        byte[] weights = frame.Weights;
        int sum = BitConverter.ToInt32(weights, bias);
        int end = x + depth;
        while (x < end)
            sum += arena[x++] * (sbyte)weights[w++];
        return sum;
    }

    private static int Scale(Frame frame, int value, int multiplier)
    {
        return FixedPoint.MultiplyByQuantizedMultiplier(value, frame.Int(multiplier), frame.Int(multiplier + 1));
    }

    private static int Held(int value)
    {
        if (value < short.MinValue)
            return short.MinValue;
        return value > short.MaxValue ? short.MaxValue : value;
    }
}
