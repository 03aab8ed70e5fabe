namespace EdgeMl.Mcu.Runtime.Format;

/// <summary>Which kernel runs a layer. A value is never reused.</summary>
public enum OpCode : ushort
{
    /// <summary><see cref="Kernels.FullyConnected"/></summary>
    FullyConnected = 1,

    /// <summary><see cref="Kernels.Conv2D"/></summary>
    Conv2D = 2,

    /// <summary><see cref="Kernels.DepthwiseConv2D"/></summary>
    DepthwiseConv2D = 3,

    /// <summary><see cref="Kernels.AveragePool2D"/></summary>
    AveragePool2D = 4,

    /// <summary><see cref="Kernels.MaxPool2D"/></summary>
    MaxPool2D = 5,

    /// <summary><see cref="Kernels.Mean"/></summary>
    Mean = 6,

    /// <summary><see cref="Kernels.Add"/></summary>
    Add = 7,

    /// <summary><see cref="Kernels.Lookup"/></summary>
    Lookup = 8,

    /// <summary><see cref="Kernels.Softmax"/></summary>
    Softmax = 9,

    /// <summary><see cref="Kernels.LogSoftmax"/></summary>
    LogSoftmax = 10,

    /// <summary><see cref="Kernels.StridedCopy"/></summary>
    StridedCopy = 11,

    /// <summary><see cref="Kernels.Fill"/></summary>
    Fill = 12,

    /// <summary><see cref="Kernels.LoadConstant"/></summary>
    LoadConstant = 13,

    /// <summary><see cref="Kernels.IndexedCopy"/></summary>
    IndexedCopy = 20,

    /// <summary><see cref="Kernels.ReduceExtremum"/> of the greatest value.</summary>
    ReduceMax = 21,

    /// <summary><see cref="Kernels.ReduceExtremum"/> of the least value.</summary>
    ReduceMin = 22,

    /// <summary><see cref="Kernels.ResizeBilinear"/></summary>
    ResizeBilinear = 23,

    /// <summary><see cref="Kernels.TransposeConv2D"/></summary>
    TransposeConv2D = 24,

    /// <summary><c>EdgeMl.Mcu.Runtime.Packed.PackedConv2D</c></summary>
    PackedConv2D = 30,

    /// <summary><c>EdgeMl.Mcu.Runtime.Packed.PackedPositions</c></summary>
    PackedPositions = 31,

    /// <summary><c>EdgeMl.Mcu.Runtime.Packed.SlidingDepthwiseConv2D</c></summary>
    SlidingDepthwiseConv2D = 32,

    /// <summary><c>EdgeMl.Mcu.Runtime.Packed.ByteRowFullyConnected</c></summary>
    ByteRowFullyConnected = 33,

    /// <summary><c>EdgeMl.Mcu.Runtime.Packed.PackedRowFullyConnected</c></summary>
    PackedRowFullyConnected = 34,

    /// <summary><c>EdgeMl.Mcu.Runtime.Packed.TableAdd</c></summary>
    TableAdd = 35,

    /// <summary><c>EdgeMl.Mcu.Runtime.Packed.LineDepthwiseConv2D</c></summary>
    LineDepthwiseConv2D = 36,

    /// <summary><see cref="Kernels.Difference"/></summary>
    Sub = 40,

    /// <summary><see cref="Kernels.Mul"/></summary>
    Mul = 41,

    /// <summary><see cref="Kernels.Div"/></summary>
    Div = 42,

    /// <summary><see cref="Kernels.Extremum"/> of the greater value.</summary>
    Maximum = 43,

    /// <summary><see cref="Kernels.Extremum"/> of the lesser value.</summary>
    Minimum = 44,

    /// <summary><see cref="Kernels.Difference"/>, squared.</summary>
    SquaredDifference = 45,

    /// <summary><see cref="Kernels.PRelu"/></summary>
    PRelu = 46,

    /// <summary><see cref="Kernels.AddN"/></summary>
    AddN = 47,

    /// <summary><see cref="Kernels.CumSum"/></summary>
    CumSum = 48,

    /// <summary><see cref="Kernels.L2Normalization"/></summary>
    L2Normalization = 49,

    /// <summary><see cref="Kernels.BatchMatMul"/></summary>
    BatchMatMul = 50,

    /// <summary><see cref="Kernels.FullyConnectedInt4"/></summary>
    FullyConnectedInt4 = 60,

    /// <summary><see cref="Kernels.Conv2DInt4"/></summary>
    Conv2DInt4 = 61,

    /// <summary><c>EdgeMl.Mcu.Runtime.Packed.PackedConv2D</c> with 4-bit weights.</summary>
    PackedConv2DInt4 = 62,

    /// <summary><c>EdgeMl.Mcu.Runtime.Typed.Requantize</c></summary>
    Requantize = 64,

    /// <summary><c>EdgeMl.Mcu.Runtime.Typed.Cast</c></summary>
    Cast = 65,

    /// <summary><c>EdgeMl.Mcu.Runtime.Typed.ArgReduce</c></summary>
    ArgReduce = 66,

    /// <summary><c>EdgeMl.Mcu.Runtime.Typed.Compare</c></summary>
    Compare = 67,

    /// <summary><c>EdgeMl.Mcu.Runtime.Typed.Select</c></summary>
    Select = 68,

    /// <summary><c>EdgeMl.Mcu.Runtime.Typed.GatherElements</c></summary>
    GatherElements = 69,

    /// <summary><c>EdgeMl.Mcu.Runtime.Typed.Conv2DInt16</c></summary>
    Conv2DInt16 = 70,

    /// <summary><c>EdgeMl.Mcu.Runtime.Typed.Pool2DInt16</c></summary>
    Pool2DInt16 = 71,

    /// <summary><c>EdgeMl.Mcu.Runtime.Typed.BinaryInt16</c></summary>
    BinaryInt16 = 72,

    /// <summary><c>EdgeMl.Mcu.Runtime.Typed.SlopesInt16</c></summary>
    SlopesInt16 = 73,

    /// <summary><c>EdgeMl.Mcu.Runtime.Typed.SigmoidInt16</c></summary>
    SigmoidInt16 = 74,

    /// <summary><c>EdgeMl.Mcu.Runtime.Typed.SoftmaxInt16</c></summary>
    SoftmaxInt16 = 75,

    /// <summary><c>EdgeMl.Mcu.Runtime.Typed.SoftmaxToInt16</c></summary>
    SoftmaxToInt16 = 76,

    /// <summary><c>EdgeMl.Mcu.Runtime.Typed.MeanInt16</c></summary>
    MeanInt16 = 77,

    /// <summary><c>EdgeMl.Mcu.Runtime.Typed.BatchMatMulInt16</c></summary>
    BatchMatMulInt16 = 78,

    /// <summary><c>EdgeMl.Mcu.Runtime.Typed.TransposeConv2DInt16</c></summary>
    TransposeConv2DInt16 = 79,

    /// <summary><c>EdgeMl.Mcu.Runtime.Typed.Svdf</c></summary>
    Svdf = 80,

    /// <summary><c>EdgeMl.Mcu.Runtime.Typed.Lstm</c></summary>
    Lstm = 81,

    /// <summary><c>EdgeMl.Mcu.Runtime.Typed.TreeEnsemble</c></summary>
    TreeEnsemble = 90,
}
