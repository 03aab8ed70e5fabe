using EdgeMl.Mcu.Bench.WireProtocol;

namespace EdgeMl.Mcu.Bench.Tests.WireProtocol;

/// <summary>Assemblies with a name, references, a Main and filling, in the real format.</summary>
internal static class TestAssembly
{
    public static NanoAssemblyFile File(string name, int bodyBytes, Version? version = null, int seed = 1, uint native = 0, bool main = false, params AssemblyReference[] references) =>
        NanoAssemblyFile.Parse(name + ".pe", Create(name, bodyBytes, version, seed, native, main, references));

    public static byte[] Create(string name, int bodyBytes, Version? version = null, int seed = 1, uint native = 0, bool main = false, params AssemblyReference[] references) =>
        EmptyAssembly.Create(name, bodyBytes, version, seed, native, main, references);
}
