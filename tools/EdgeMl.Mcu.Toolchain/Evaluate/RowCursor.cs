namespace EdgeMl.Mcu.Toolchain.Evaluate;

/// <summary>
/// Walks over the rows of a shape in row-major order and keeps one element offset for each of several stride vectors.
/// A row is the last axis; a scalar is one row of one element. Negative and zero strides are allowed.
/// </summary>
internal sealed class RowCursor
{
    private readonly int[] _dimensions;
    private readonly int[][] _strides;
    private readonly int[] _index;
    private readonly int[] _offsets;
    private bool _started;

    public RowCursor(ReadOnlySpan<int> dimensions, params int[][] strides)
    {
        int outerRank = Math.Max(0, dimensions.Length - 1);
        _dimensions = dimensions[..outerRank].ToArray();
        _strides = strides;
        _index = new int[outerRank];
        _offsets = new int[strides.Length];
    }

    /// <summary>Offset of the current row's first element for a stride vector, relative to the first row's.</summary>
    public int this[int vector] => _offsets[vector];

    /// <summary>Goes to the next row; false after the last. The first call goes to the first row.</summary>
    public bool MoveNext()
    {
        if (!_started)
        {
            _started = true;
            return Array.TrueForAll(_dimensions, dimension => dimension > 0);
        }
        for (int axis = _dimensions.Length - 1; axis >= 0; axis--)
        {
            bool wraps = ++_index[axis] == _dimensions[axis];
            int steps = wraps ? 1 - _dimensions[axis] : 1;
            for (int vector = 0; vector < _offsets.Length; vector++)
                _offsets[vector] += steps * _strides[vector][axis];
            if (!wraps)
                return true;
            _index[axis] = 0;
        }
        return false;
    }
}
