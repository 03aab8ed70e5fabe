using EdgeMl.Mcu.Runtime;

namespace EdgeMl.Mcu.Toolchain.Inspect;

/// <summary>RAM that a model file takes on a device that reads its weights in pages.</summary>
/// <param name="ResidentBytes">All before the weights.</param>
/// <param name="PageBytes">The weights of the largest layer.</param>
public sealed record PagedSize(int ResidentBytes, int PageBytes)
{
    /// <summary>The sizes for a valid file.</summary>
    public static PagedSize Of(byte[] file)
    {
        Error error = Model.TryLoad(new Source(file), int.MaxValue, out Model model);
        return error == Error.None ? new PagedSize(model.ResidentBytes, model.PageBytes) : throw new ModelException(error);
    }

    private sealed class Source(byte[] file) : ByteSource
    {
        public override int Length => file.Length;

        public override bool Read(int offset, byte[] buffer, int index, int count)
        {
            Array.Copy(file, offset, buffer, index, count);
            return true;
        }
    }
}
