namespace EdgeMl.Mcu.Toolchain.Graph;

/// <summary>Moves elements of constants, whatever their type is. Arrays are row-major; the results are new arrays.</summary>
public static class ConstantData
{
    /// <summary>The elements of the transposed tensor; output axis <c>i</c> is input axis <c>permutation[i]</c>.</summary>
    public static Array Transpose(Array data, Shape shape, IReadOnlyList<int> permutation)
    {
        int[] strides = shape.Strides();
        return Gather(data, shape.Permute(permutation), 0, [.. permutation.Select(axis => strides[axis])]);
    }

    /// <summary>The elements <c>begin[i] + k * step[i]</c> of each axis, as many as <paramref name="output"/> has.</summary>
    public static Array Slice(Array data, Shape shape, Shape output, IReadOnlyList<int> begin, IReadOnlyList<int> step)
    {
        int[] strides = shape.Strides();
        int offset = 0;
        for (int i = 0; i < strides.Length; i++)
        {
            offset += begin[i] * strides[i];
            strides[i] *= step[i];
        }
        return Gather(data, output, offset, strides);
    }

    /// <summary>The elements repeated as broadcasting to <paramref name="output"/> asks; <paramref name="shape"/> has at most its rank.</summary>
    public static Array Broadcast(Array data, Shape shape, Shape output)
    {
        var strides = new int[output.Rank];
        int[] source = shape.Strides();
        int missing = output.Rank - shape.Rank;
        for (int i = 0; i < source.Length; i++)
            strides[missing + i] = shape[i] == 1 ? 0 : source[i];
        return Gather(data, output, 0, strides);
    }

    /// <summary>Tensors of one type one after another along an axis.</summary>
    public static Array Concatenate(IReadOnlyList<(Array Data, Shape Shape)> parts, int axis)
    {
        Shape first = parts[0].Shape;
        int outer = 1;
        for (int i = 0; i < axis; i++)
            outer *= first[i];
        int total = parts.Sum(part => part.Data.Length);
        Array result = Array.CreateInstance(parts[0].Data.GetType().GetElementType()!, total);
        int offset = 0;
        for (int i = 0; i < outer; i++)
        {
            foreach ((Array data, _) in parts)
            {
                int run = data.Length / outer;
                Array.Copy(data, i * run, result, offset, run);
                offset += run;
            }
        }
        return result;
    }

    /// <summary>The elements that a walk over <paramref name="output"/> with these strides meets, in row-major order.</summary>
    private static Array Gather(Array data, Shape output, int offset, int[] strides)
    {
        int[] indices = Indices(output, offset, strides);
        return data switch
        {
            float[] values => Pick(values, indices),
            sbyte[] values => Pick(values, indices),
            byte[] values => Pick(values, indices),
            short[] values => Pick(values, indices),
            int[] values => Pick(values, indices),
            long[] values => Pick(values, indices),
            bool[] values => Pick(values, indices),
            _ => throw new ArgumentException($"{data.GetType().Name} is no tensor data.", nameof(data)),
        };
    }

    private static T[] Pick<T>(T[] data, int[] indices) => Array.ConvertAll(indices, index => data[index]);

    private static int[] Indices(Shape output, int offset, int[] strides)
    {
        var indices = new int[output.ElementCount];
        var position = new int[output.Rank];
        int index = offset;
        for (int i = 0; i < indices.Length; i++)
        {
            indices[i] = index;
            for (int axis = output.Rank - 1; axis >= 0; axis--)
            {
                index += strides[axis];
                if (++position[axis] < output[axis])
                    break;
                index -= strides[axis] * output[axis];
                position[axis] = 0;
            }
        }
        return indices;
    }
}
