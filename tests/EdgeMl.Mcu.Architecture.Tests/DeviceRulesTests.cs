using System.Globalization;
using System.Text;
using EdgeMl.Mcu.Architecture.Tests.DeviceCode;
using Mono.Cecil;

namespace EdgeMl.Mcu.Architecture.Tests;

public class DeviceRulesTests
{
    private static readonly HashSet<string> Known = ["mscorlib"];

    [Fact]
    public void Plain_device_code_passes()
    {
        Assert.Empty(Check("""
            namespace Device;

            public interface ISource { int Read(byte[] buffer, int offset); }

            public struct Pair { public int A; public int B; }

            public enum Color : byte { Red, Green }

            public sealed class Plain : ISource
            {
                private static readonly byte[] Table = { 1, 2, 3, 4, 5, 6, 7, 8 };
                private readonly int[][] _rows = new int[4][];

                public event System.EventHandler Changed;

                public int Read(byte[] buffer, int offset)
                {
                    try
                    {
                        foreach (int[] row in _rows) { offset += row.Length; }
                        System.Array.Copy(Table, 0, buffer, offset, Table.Length);
                        Changed?.Invoke(this, System.EventArgs.Empty);
                    }
                    catch (System.Exception e) when (e.Message != null)
                    {
                        System.Diagnostics.Debug.WriteLine($"failed at {offset}: {e.Message}");
                        return -1;
                    }

                    return offset switch { 0 => 3, 1 => 5, 2 => 7, 3 => 9, _ => BytesOf(ref offset) };
                }

                private static int BytesOf(ref int value) => unchecked((int)(value * 0x9E3779B9L));
            }
            """));
    }

    [Theory]
    [InlineData("public class Box<T> { }", "generic type")]
    [InlineData("public class C { public static int F<T>(T x) => 1; }", "generic method")]
    [InlineData("public class C { static int F<T>(T x) => 1; public static int G() => F(3); }", "calls a generic method")]
    [InlineData("public class Box<T> { } public class C { public Box<int> F; }", "uses the generic type")]
    [InlineData("public class Box<T> { } public class C { public void F(Box<int>[] x) { } }", "uses the generic type")]
    [InlineData("public class Box<T> { } public class C { public object F() => new Box<int>(); }", "uses the generic type")]
    [InlineData("public class Box<T> { } public class C : Box<int> { }", "uses the generic type")]
    [InlineData("public class C { public int[,] F; }", "multi-dimensional array")]
    [InlineData("public class C { public object F() => new byte[2, 3]; }", "multi-dimensional array")]
    [InlineData("public class C { public unsafe int F(byte[] a) { fixed (byte* p = a) { return *p; } } }", "pinned local")]
    [InlineData("public unsafe class C { public int* F; }", "pointer")]
    [InlineData("public class C { public unsafe int F() { byte* p = stackalloc byte[3]; return p[0]; } }", "instruction localloc")]
    [InlineData("public unsafe class C { public delegate*<int> F; }", "function pointer")]
    [InlineData("public class C { static int G() => 1; public unsafe int F() { delegate*<int> p = &G; return p(); } }", "instruction calli")]
    [InlineData("public interface I { int F() => 1; }", "interface member with a body")]
    [InlineData("public class C { public int F(int a) => checked(a + 1); }", "checked arithmetic (add.ovf)")]
    [InlineData("public class C { public byte F(float a) => checked((byte)a); }", "checked arithmetic (conv.ovf.u1)")]
    [InlineData("public class C { public byte F(byte[] a, long i) => a[i]; }", "checked arithmetic (conv.ovf.i)")]
    public void What_the_device_cannot_run_is_found(string source, string violation) =>
        Assert.Contains(Check(source), line => line.Contains(violation, StringComparison.Ordinal));

    [Theory]
    [InlineData(255, 0)]
    [InlineData(256, 1)]
    public void A_method_has_at_most_255_locals(int locals, int violations)
    {
        var body = new StringBuilder();
        for (int i = 0; i < locals; i++)
        {
            body.Append(CultureInfo.InvariantCulture, $"int v{i} = a + {i};\n");
        }

        body.Append("while (a-- > 0) {\n");
        for (int i = 0; i < locals; i++)
        {
            body.Append(CultureInfo.InvariantCulture, $"v{i} += v{(i + 1) % locals};\n");
        }

        body.Append("}\nreturn v0;");

        Assert.Equal(violations, Check(Method(body.ToString())).Count(line => line.Contains("locals, limit 255", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(4_000, false)]
    [InlineData(9_000, true)]
    public void A_loop_body_stays_within_the_reach_of_a_branch(int statements, bool found)
    {
        string source = Method($"int x = 0; while (a-- > 0) {{ {Repeat("x += a;\n", statements)} }} return x;");

        Assert.Equal(found, Check(source).Any(line => line.Contains("branch over", StringComparison.Ordinal)));
    }

    [Fact]
    public void An_assembly_has_at_most_64_KB_of_bytecode()
    {
        string method = $"{{ int x = 0; {Repeat("x += a;\n", 7_000)} return x; }}";
        string source = $"public class C {{ public int F(int a) {method} public int G(int a) {method} public int H(int a) {method} }}";

        Assert.Contains(Check(source), line => line.EndsWith("bytes of bytecode, limit 65535", StringComparison.Ordinal));
    }

    [Fact]
    public void Static_array_initialisers_have_a_limit_in_total()
    {
        string values = string.Join(',', Enumerable.Range(0, 33_000).Select(i => i & 127));
        string source = $"public class C {{ static readonly byte[] A = {{ {values} }}; static readonly sbyte[] B = {{ 9,{values} }}; }}";

        Assert.Contains(Check(source), line => line.Contains("bytes of static array initialisers", StringComparison.Ordinal));
    }

    [Fact]
    public void A_switch_has_at_most_255_targets()
    {
        string cases = string.Concat(Enumerable.Range(0, 256).Select(i => $"case {i}: return {(i * 7919) % 256};\n"));

        Assert.Contains(Check(Method($"switch (a) {{ {cases} }} return 0;")), line => line.Contains("switch with 256 targets", StringComparison.Ordinal));
    }

    [Fact]
    public void An_assembly_that_the_device_lacks_may_not_be_referenced()
    {
        using ModuleDefinition module = DeviceSnippet.Compile("public class C { }");

        Assert.Contains(
            DeviceRules.References(module, new HashSet<string>()),
            line => line.StartsWith("reference to mscorlib", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("System.Span<int> x = default;")]
    [InlineData("double x = System.Math.Sqrt(2);")]
    [InlineData("int? x = null;")]
    [InlineData("(int A, int B) x = (1, 2);")]
    [InlineData("var x = new int[3]; var y = x[1..];")]
    [InlineData("decimal x = 1m;")]
    [InlineData("System.Func<int> x = null;")]
    [InlineData("System.Buffer.BlockCopy(null, 0, null, 0, 0);")]
    [InlineData("throw new System.OverflowException();")]
    public void What_the_class_library_lacks_does_not_compile(string statement) =>
        Assert.NotEmpty(DeviceSnippet.ErrorsOf(Method(statement + " return 0;")));

    [Theory]
    [InlineData("public record Point(int X, int Y);")]
    [InlineData("public class C { System.Collections.IEnumerable F() { yield return 1; } }")]
    [InlineData("public class C { async void F() { } }")]
    [InlineData("public class C { volatile int _f; }")]
    public void What_needs_missing_compiler_support_does_not_compile(string source) => Assert.NotEmpty(DeviceSnippet.ErrorsOf(source));

    private static IReadOnlyList<string> Check(string source)
    {
        using ModuleDefinition module = DeviceSnippet.Compile(source);
        return DeviceRules.Check(module, Known);
    }

    private static string Method(string body) => $"public class C {{ public int F(int a) {{ {body} }} }}";

    private static string Repeat(string statement, int count) => new StringBuilder().Insert(0, statement, count).ToString();
}
