using EdgeMl.Mcu.Architecture.Tests.DeviceCode;
using Mono.Cecil;

namespace EdgeMl.Mcu.Architecture.Tests;

public class KernelRulesTests
{
    [Theory]
    [InlineData("System.Array.Copy(a, 0, a, 1, 2);")]
    [InlineData("int x = System.BitConverter.ToInt32(a, 0); a[0] = (byte)(x >> Twice(1));")]
    [InlineData("Point p = new Point(1, 2); a[0] = (byte)p.X;")]
    public void A_kernel_that_only_computes_passes(string body) => Assert.Empty(Check(body));

    [Theory]
    [InlineData("byte[] x = new byte[a[0]]; x[0] = 1;", "newarr")]
    [InlineData("object x = new Other(); x.ToString();", "newobj")]
    [InlineData("object x = a[0]; x.ToString();", "box")]
    [InlineData("a[0] = (byte)\"ab\".Length;", "ldstr")]
    [InlineData("try { a[0] = 1; } finally { a[1] = 2; }", "exception handler")]
    [InlineData("if (a[0] == 0) { throw _failure; }", "throws")]
    [InlineData("_calls++;", "kernel's own field")]
    [InlineData("_total++;", "static field")]
    [InlineData("a.Clone();", "System.Array::Clone")]
    [InlineData("Hidden();", "newarr")]
    [InlineData("_next.Step(a);", "newarr")]
    public void A_kernel_that_allocates_throws_or_keeps_state_is_found(string body, string violation) =>
        Assert.Contains(Check(body), line => line.Contains(violation, StringComparison.Ordinal));

    private static IReadOnlyList<string> Check(string body)
    {
        using ModuleDefinition module = DeviceSnippet.Compile($$"""
            namespace EdgeMl.Mcu.Runtime
            {
                public abstract class Kernel { public abstract void Run(byte[] a); }

                public struct Point { public int X; public int Y; public Point(int x, int y) { X = x; Y = y; } }

                public class Other { public virtual void Step(byte[] a) { } }

                public class Derived : Other { private byte[] _b; public override void Step(byte[] a) { _b = new byte[4]; } }

                public abstract class Base : Kernel { }

                public sealed class Tested : Base
                {
                    private static int _total;
                    private int _calls;
                    private Other _next;
                    private byte[] _kept;
                    private System.Exception _failure;

                    public override void Run(byte[] a)
                    {
                        {{body}}
                    }

                    private static int Twice(int x) => 2 * x;

                    private void Hidden() => Deeper(3);

                    private static byte[] Deeper(int n) => new byte[n];
                }
            }
            """);
        Assert.Single(KernelRules.RunMethods(module));
        return KernelRules.Check(module);
    }
}
