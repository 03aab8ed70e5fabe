using EdgeMl.Mcu.Metering;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Benchmarks;

/// <summary>Code size of the device assemblies as built for the nanoFramework subset.</summary>
internal static class SizeTable
{
    private static readonly string[] Others = ["EdgeMl.Mcu.Runtime.Native", "EdgeMl.Mcu.Agent", "EdgeMl.Mcu.Link", "EdgeMl.Mcu.Device"];

    public static void Print()
    {
        Console.WriteLine($"{"device assembly",-28} {"bytecode",9} {"file",9} {"tables",8}");
        Print("runtime, all", [.. SubsetBuilds.RuntimeAssemblies.Select(Print)]);
        foreach (string name in Others)
            Print(name);
    }

    private static (int ByteCode, AssemblySize Size) Print(string name)
    {
        byte[] image = File.ReadAllBytes(SubsetBuilds.PathOf(name, name));
        (int, AssemblySize) size = (NanoByteCode.SizeOf(image), AssemblySize.Of(image));
        Print(name, size);
        return size;
    }

    private static void Print(string name, params (int ByteCode, AssemblySize Size)[] sizes) =>
        Console.WriteLine($"{name,-28} {sizes.Sum(size => size.ByteCode),9:N0} {sizes.Sum(size => size.Size.FlashBytes),9:N0} {sizes.Sum(size => size.Size.TableBytes),8:N0}");
}
