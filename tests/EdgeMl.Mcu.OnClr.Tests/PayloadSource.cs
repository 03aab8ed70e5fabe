using System.Text;
using Microsoft.CodeAnalysis;

namespace EdgeMl.Mcu.OnClr.Tests;

/// <summary>
/// Byte arrays as C# source. The interpreter reads no files, and an assembly holds about 65,000 bytes of array initialisers, so a long array is cut
/// into several assemblies and put together at the start.
/// </summary>
internal static class PayloadSource
{
    private const int BytesPerAssembly = 60_000;

    /// <summary>Compiles the parts of an array and returns the source of a method that gives it whole.</summary>
    public static string Compile(DeviceCompiler compiler, string method, ReadOnlySpan<byte> bytes)
    {
        var copies = new StringBuilder();
        int part = 0;
        for (int start = 0; start < bytes.Length; start += BytesPerAssembly)
        {
            ReadOnlySpan<byte> slice = bytes[start..Math.Min(start + BytesPerAssembly, bytes.Length)];
            string name = $"{method}{part++}";
            string source = $"namespace EdgeMl.Mcu.OnClr; public static class {name} {{ public static byte[] Bytes() {{ return new byte[] {{ {Literal(slice)} }}; }} }}";
            compiler.Compile(name, [DeviceCompiler.Parse(source)]);
            copies.Append($"System.Array.Copy({name}.Bytes(), 0, all, {start}, {slice.Length}); ");
        }
        return $"public static byte[] {method}() {{ byte[] all = new byte[{bytes.Length}]; {copies}return all; }}";
    }

    /// <summary>The class that the runner takes the methods from.</summary>
    public static SyntaxTree Class(params string[] methods) =>
        DeviceCompiler.Parse($"namespace EdgeMl.Mcu.OnClr; internal static class Payload {{ {string.Join(' ', methods)} }}");

    private static string Literal(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(4 * bytes.Length);
        foreach (byte value in bytes)
            text.Append(value).Append(',');
        return text.ToString();
    }
}
