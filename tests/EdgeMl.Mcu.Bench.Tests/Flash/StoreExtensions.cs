using EdgeMl.Mcu.Agent.Storage;

namespace EdgeMl.Mcu.Bench.Tests.Flash;

internal static class StoreExtensions
{
    /// <summary>All bytes of a file, null where it is absent or cannot be read.</summary>
    public static byte[]? ReadAll(this FileStore store, int file)
    {
        int length = store.Length(file);
        if (length < 0 || !store.Open(file))
            return null;
        byte[] bytes = new byte[length];
        return store.Read(file, 0, bytes, 0, length) ? bytes : null;
    }
}
