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

    /// <summary><see cref="Kernels.Packed.PackedConv2D"/></summary>
    PackedConv2D = 30,

    /// <summary><see cref="Kernels.Packed.PackedPositions"/></summary>
    PackedPositions = 31,

    /// <summary><see cref="Kernels.Packed.SlidingDepthwiseConv2D"/></summary>
    SlidingDepthwiseConv2D = 32,

    /// <summary><see cref="Kernels.Packed.ByteRowFullyConnected"/></summary>
    ByteRowFullyConnected = 33,

    /// <summary><see cref="Kernels.Packed.PackedRowFullyConnected"/></summary>
    PackedRowFullyConnected = 34,

    /// <summary><see cref="Kernels.Packed.TableAdd"/></summary>
    TableAdd = 35,

    /// <summary><see cref="Kernels.Packed.LineDepthwiseConv2D"/></summary>
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

    /// <summary><see cref="Kernels.Packed.PackedConv2D"/> with 4-bit weights.</summary>
    PackedConv2DInt4 = 62,

    /// <summary><see cref="Kernels.Typed.Requantize"/></summary>
    Requantize = 64,

    /// <summary><see cref="Kernels.Typed.Cast"/></summary>
    Cast = 65,

    /// <summary><see cref="Kernels.Typed.ArgReduce"/></summary>
    ArgReduce = 66,

    /// <summary><see cref="Kernels.Typed.Compare"/></summary>
    Compare = 67,

    /// <summary><see cref="Kernels.Typed.Select"/></summary>
    Select = 68,

    /// <summary><see cref="Kernels.Typed.GatherElements"/></summary>
    GatherElements = 69,

    /// <summary><see cref="Kernels.Typed.Conv2DInt16"/></summary>
    Conv2DInt16 = 70,

    /// <summary><see cref="Kernels.Typed.Pool2DInt16"/></summary>
    Pool2DInt16 = 71,

    /// <summary><see cref="Kernels.Typed.BinaryInt16"/></summary>
    BinaryInt16 = 72,

    /// <summary><see cref="Kernels.Typed.SlopesInt16"/></summary>
    SlopesInt16 = 73,

    /// <summary><see cref="Kernels.Typed.SigmoidInt16"/></summary>
    SigmoidInt16 = 74,

    /// <summary><see cref="Kernels.Typed.SoftmaxInt16"/></summary>
    SoftmaxInt16 = 75,

    /// <summary><see cref="Kernels.Typed.SoftmaxToInt16"/></summary>
    SoftmaxToInt16 = 76,

    /// <summary><see cref="Kernels.Typed.MeanInt16"/></summary>
    MeanInt16 = 77,

    /// <summary><see cref="Kernels.Typed.BatchMatMulInt16"/></summary>
    BatchMatMulInt16 = 78,

    /// <summary><see cref="Kernels.Typed.TransposeConv2DInt16"/></summary>
    TransposeConv2DInt16 = 79,

    /// <summary><see cref="Kernels.Typed.Svdf"/></summary>
    Svdf = 80,

    /// <summary><see cref="Kernels.Typed.Lstm"/></summary>
    Lstm = 81,

    /// <summary><see cref="Kernels.Typed.TreeEnsemble"/></summary>
    TreeEnsemble = 90,
}
