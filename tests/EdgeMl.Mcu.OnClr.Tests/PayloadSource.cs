using System.Text;
using EdgeMl.Mcu.Toolchain.Emit.CSharp;
using Microsoft.CodeAnalysis;

namespace EdgeMl.Mcu.OnClr.Tests;

/// <summary>One model and the inputs to run it on.</summary>
/// <param name="Model">An .emlm file.</param>
/// <param name="Samples">For each sample all inputs as they lie in the arena, one sample after another.</param>
/// <param name="CarriesState">Whether the samples are steps of one stream that recurrent layers remember.</param>
/// <param name="Code">Generated code that takes the place of the file, or null.</param>
internal sealed record Payload(byte[] Model, byte[] Samples, bool CarriesState = false, (CompiledSource Source, CSharpOptions Options)? Code = null);

/// <summary>
/// Byte arrays as C# source. The interpreter reads no files, and an assembly holds about 65,000 bytes of array initialisers, so the bytes of all payloads
/// are cut into several assemblies, and the program puts each array together when it needs it.
/// </summary>
internal static class PayloadSource
{
    private const int BytesPerAssembly = 60_000;

    /// <summary>Compiles the assemblies that hold the bytes, and gives the class that the runner takes them from.</summary>
    public static SyntaxTree Compile(DeviceCompiler compiler, IReadOnlyList<Payload> payloads)
    {
        byte[] all = [.. payloads.SelectMany(payload => payload.Model.Concat(payload.Samples))];
        int parts = 0;
        for (int start = 0; start < all.Length; start += BytesPerAssembly)
        {
            string name = $"Part{parts++}";
            string source = $"namespace EdgeMl.Mcu.OnClr; public static class {name} {{ public static byte[] Bytes() {{ return new byte[] {{ {Literal(all.AsSpan(start, Math.Min(BytesPerAssembly, all.Length - start)))} }}; }} }}";
            compiler.Compile(name, [DeviceCompiler.Parse(source)]);
        }
        var starts = new List<int> { 0 };
        foreach (Payload payload in payloads)
        {
            starts.Add(starts[^1] + payload.Model.Length);
            starts.Add(starts[^1] + payload.Samples.Length);
        }
        string carriers = string.Concat(payloads.Select((payload, i) => payload.CarriesState ? $"index == {i} || " : "")) + "false";
        string loaders = string.Concat(payloads.Select((payload, i) => payload.Code is { } code ? $"if (index == {i}) {{ model = global::{code.Options.Namespace}.{code.Options.ClassName}.Load(); return Error.None; }} " : ""));
        return DeviceCompiler.Parse($$"""
            using System;
            using EdgeMl.Mcu.Runtime;
            namespace EdgeMl.Mcu.OnClr;
            internal static class Payload
            {
                public const int Count = {{payloads.Count}};
                private static readonly int[] Starts = { {{string.Join(", ", starts)}} };
                public static Error Load(int index, out Model model)
                {
                    {{loaders}}
                    return Model.TryLoad(File(index), out model);
                }
                public static byte[] File(int index) => Slice(Starts[2 * index], Starts[2 * index + 1]);
                public static byte[] Samples(int index) => Slice(Starts[2 * index + 1], Starts[2 * index + 2]);
                public static bool CarriesState(int index) => {{carriers}};
                private static byte[] Slice(int start, int end)
                {
                    var bytes = new byte[end - start];
                    int position = start;
                    while (position < end)
                    {
                        int offset = position % {{BytesPerAssembly}};
                        int count = Min(end - position, {{BytesPerAssembly}} - offset);
                        Array.Copy(Part(position / {{BytesPerAssembly}}), offset, bytes, position - start, count);
                        position += count;
                    }
                    return bytes;
                }
                private static int Min(int a, int b) => a < b ? a : b;
                private static byte[] Part(int index)
                {
                    switch (index)
                    {
                        {{string.Join(' ', Enumerable.Range(0, parts).Select(part => $"case {part}: return Part{part}.Bytes();"))}}
                        default: return null;
                    }
                }
            }
            """);
    }

    private static string Literal(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(4 * bytes.Length);
        foreach (byte value in bytes)
            text.Append(value).Append(',');
        return text.ToString();
    }
}
