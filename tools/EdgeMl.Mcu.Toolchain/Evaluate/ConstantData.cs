using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Evaluate;

/// <summary>Moves elements of constants, whatever their type is. Arrays are row-major; the results are new arrays.</summary>
internal static class ConstantData
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
    public static Array Broadcast(Array data, Shape shape, Shape output) => Gather(data, output, 0, shape.BroadcastStrides(output));

    /// <summary>The elements at all combinations of the indices of each axis; null stands for a whole axis.</summary>
    public static Array Select(Array data, Shape shape, Shape output, int[]?[] indices)
    {
        Array result = Array.CreateInstance(data.GetType().GetElementType()!, output.ElementCount);
        int[] positions = new int[result.Length];
        SelectedCopy.Copy<int>([.. Enumerable.Range(0, data.Length)], shape, indices, positions);
        for (int i = 0; i < positions.Length; i++)
            Array.Copy(data, positions[i], result, i, 1);
        return result;
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
    private static Array Gather(Array data, Shape output, int offset, int[] strides) => data switch
    {
        float[] values => Gather<float>(values, output, offset, strides),
        sbyte[] values => Gather<sbyte>(values, output, offset, strides),
        byte[] values => Gather<byte>(values, output, offset, strides),
        short[] values => Gather<short>(values, output, offset, strides),
        int[] values => Gather<int>(values, output, offset, strides),
        long[] values => Gather<long>(values, output, offset, strides),
        bool[] values => Gather<bool>(values, output, offset, strides),
        _ => throw new ArgumentException($"{data.GetType().Name} is no tensor data.", nameof(data)),
    };

    private static T[] Gather<T>(ReadOnlySpan<T> data, Shape output, int offset, int[] strides)
    {
        var result = new T[output.ElementCount];
        if (result.Length > 0)
            StridedCopy.Copy(data, offset, strides, result, 0, output.Strides(), output.ToArray());
        return result;
    }
}
