using System;
using EdgeMl.Mcu.Runtime.Arithmetic;
using EdgeMl.Mcu.Runtime.Format;
using R = EdgeMl.Mcu.Runtime.Format.ModelFormat.TensorRecord;

namespace EdgeMl.Mcu.Runtime;

/// <summary>An input or output of a model. A view on the file: nothing is copied.</summary>
public sealed class TensorInfo
{
    private readonly byte[] _data;
    private readonly int _record;

    internal TensorInfo(byte[] data, int record)
    {
        _data = data;
        _record = record;
    }

    /// <summary>Byte offset of the first element in the arena.</summary>
    public int ArenaOffset => Int(R.ArenaOffset);

    /// <summary>Number of elements.</summary>
    public int Count => Int(R.CountOffset);

    /// <summary>Type of the elements in the arena.</summary>
    public TensorType ElementType => (TensorType)_data[_record + R.TypeOffset];

    /// <summary>Bytes in the arena.</summary>
    public int ByteCount => Count << Element.SizeShift(_data[_record + R.TypeOffset]);

    /// <summary>What one step of the quantised value is worth; 1 for elements that are not quantised.</summary>
    public float Scale => BitConverter.ToSingle(_data, _record + R.ScaleOffset);

    /// <summary>The quantised value of the real 0, within the range of the element type.</summary>
    public int ZeroPoint => Int(R.ZeroPointOffset);

    /// <summary>What stands between the arena and the source model's own values.</summary>
    public TensorEdge Edge => (TensorEdge)_data[_record + R.EdgeOffset];

    /// <summary>Number of dimensions on the device, 0 to 6.</summary>
    public int Rank => _data[_record + R.RankOffset];

    /// <summary>Number of dimensions in the source model, 0 to 6.</summary>
    public int SourceRank => _data[_record + R.SourceRankOffset];

    /// <summary>Number of class labels, 0 where the model has none.</summary>
    public int LabelCount => _data[_record + R.LabelCountOffset];

    /// <summary>The name in the source model, or an empty string.</summary>
    public string Name => ModelString.Read(_data, Int(R.NameOffset));

    /// <summary>Dimension on the device; the last axis varies fastest, images are NHWC.</summary>
    public int Dimension(int axis)
    {
        return Int(R.ShapeOffset + (axis << 2));
    }

    /// <summary>Dimension in the source model.</summary>
    public int SourceDimension(int axis)
    {
        return Int(R.SourceShapeOffset + (axis << 2));
    }

    /// <summary>
    /// Source axis of an axis: the device's data is the source's, transposed by this permutation and then seen in the device's shape.
    /// </summary>
    public int SourceAxis(int axis)
    {
        return _data[_record + R.PermutationOffset + axis];
    }

    /// <summary>Class label at an index below <see cref="LabelCount"/>.</summary>
    public string Label(int index)
    {
        int offset = Int(R.LabelsOffset);
        while (index-- > 0)
            offset += ModelString.Size(_data, offset);
        return ModelString.Read(_data, offset);
    }

    /// <summary>Whether reals can be quantised into the tensor.</summary>
    internal bool TakesReals => ElementType == TensorType.Int8 || ElementType == TensorType.Int16 || ElementType == TensorType.UInt8;

    /// <summary>Checks the record; the file's size and arena bound what it may name.</summary>
    internal Error Validate(int arenaBytes, int stringsEnd)
    {
        int count = Count;
        int type = _data[_record + R.TypeOffset];
        if (Rank > ModelFormat.MaxRank || SourceRank > ModelFormat.MaxRank || Edge > TensorEdge.FloatLogistic || type > (int)TensorType.Float32)
            return Error.BadTensor;
        if ((Edge != TensorEdge.None && type == (int)TensorType.Int64) || ((Edge == TensorEdge.FloatSoftmax || Edge == TensorEdge.FloatLogSoftmax) && Rank == 0))
            return Error.BadTensor;
        if (count < 1 || ArenaOffset < 0 || ArenaOffset + ((long)count << Element.SizeShift(type)) > arenaBytes)
            return Error.BadTensor;
        if (ElementCount(R.ShapeOffset, Rank) != count || ElementCount(R.SourceShapeOffset, SourceRank) != count)
            return Error.BadTensor;
        if (ZeroPoint < Element.Min(type) || ZeroPoint > Element.Max(type) || !(Scale > 0) || Scale > float.MaxValue)
            return Error.BadTensor;
        int seen = 0;
        for (int i = 0; i < SourceRank; i++)
        {
            if (SourceAxis(i) >= SourceRank)
                return Error.BadTensor;
            seen |= 1 << SourceAxis(i);
        }
        if (seen != (1 << SourceRank) - 1)
            return Error.BadTensor;
        if (LabelCount > 0 && Int(R.LabelsOffset) == 0)
            return Error.BadString;
        if (!ModelString.IsValid(_data, Int(R.NameOffset), 1, stringsEnd) || !ModelString.IsValid(_data, Int(R.LabelsOffset), LabelCount, stringsEnd))
            return Error.BadString;
        return Error.None;
    }

    private int ElementCount(int shape, int rank)
    {
        long count = 1;
        for (int i = 0; i < rank; i++)
        {
            int dimension = Int(shape + (i << 2));
            if (dimension < 1)
                return 0;
            count *= dimension;
            if (count > ModelFormat.MaxBytes)
                return 0;
        }
        return (int)count;
    }

    private int Int(int field)
    {
        return BitConverter.ToInt32(_data, _record + field);
    }
}
