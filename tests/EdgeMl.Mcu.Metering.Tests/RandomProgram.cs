using System.Text;

namespace EdgeMl.Mcu.Metering.Tests;

/// <summary>
/// Random C# with loops, switches, calls and exceptions in every combination: a class <c>P</c> whose method <c>Run(int)</c> always ends. Divisions by zero, indices out of
/// range and thrown objects are caught here and there, or at the top.
/// </summary>
internal sealed class RandomProgram
{
    private const int Functions = 4;

    private readonly Random _random;
    private readonly StringBuilder _code = new();
    private int _names;

    private RandomProgram(int seed) => _random = new Random(seed);

    /// <summary>The source of the program of a seed.</summary>
    public static string Source(int seed)
    {
        var program = new RandomProgram(seed);
        program.Write();
        return program._code.ToString();
    }

    private void Write()
    {
        _code.AppendLine("using System; public static class P { sealed class Failure : Exception { } static int[] a = new int[7]; static int y; struct S { public int V; }");
        _code.AppendLine("public static int Run(int x) { a = new int[7]; y = x; try { return F0(x); } catch (Exception) { return -1; } }");
        for (int i = 0; i < Functions; i++)
        {
            _code.AppendLine($"static int F{i}(int x) {{ S s = default;");
            Block(i, depth: 0, inLoop: false);
            _code.AppendLine("return x + s.V; }");
        }
        _code.AppendLine("}");
    }

    private void Block(int function, int depth, bool inLoop)
    {
        for (int count = _random.Next(1, 5); count > 0; count--)
            Statement(function, depth, inLoop);
    }

    private void Statement(int function, int depth, bool inLoop)
    {
        switch (_random.Next(depth < 4 ? 14 : 6))
        {
            case 0:
                _code.AppendLine($"x += {_random.Next(-3, 9)};");
                break;
            case 1:
                _code.AppendLine($"a[x & 7] ^= x + {_random.Next(9)};");
                break;
            case 2:
                _code.AppendLine($"y = x % (y & 3); s.V += y;");
                break;
            case 3:
                _code.AppendLine(function + 1 < Functions ? $"x ^= F{_random.Next(function + 1, Functions)}(x + 1);" : "x = x > 5 ? y : -x;");
                break;
            case 4:
                _code.AppendLine($"if ((x & {_random.Next(1, 16)}) == 1) throw new {(_random.Next(2) == 0 ? "Failure" : "Exception")}();");
                break;
            case 5:
                _code.AppendLine(inLoop ? $"if ((x & 3) == {_random.Next(4)}) {(_random.Next(2) == 0 ? "break" : "continue")};" : $"if (x == {_random.Next(40)}) return x;");
                break;
            case 6 or 7:
                Loop(function, depth);
                break;
            case 8 or 9:
                _code.AppendLine($"if (x {(_random.Next(2) == 0 ? "<" : "!=")} {_random.Next(9)} || y > {_random.Next(5)}) {{");
                Block(function, depth + 1, inLoop);
                _code.AppendLine("} else {");
                Block(function, depth + 1, inLoop);
                _code.AppendLine("}");
                break;
            case 10:
                Switch(function, depth);
                break;
            default:
                Try(function, depth, inLoop);
                break;
        }
    }

    private void Loop(int function, int depth)
    {
        string i = $"i{_names++}";
        _code.AppendLine(_random.Next(2) == 0 ? $"for (int {i} = 0; {i} < {_random.Next(4)}; {i}++) {{" : $"int {i} = {_random.Next(4)}; while ({i}-- > 0) {{");
        Block(function, depth + 1, inLoop: true);
        _code.AppendLine("}");
    }

    private void Switch(int function, int depth)
    {
        _code.AppendLine("switch (x & 7) {");
        for (int label = 0; label < _random.Next(2, 7); label++)
        {
            _code.AppendLine($"case {label}: {{");
            Block(function, depth + 1, inLoop: false);
            _code.AppendLine("} break;");
        }
        _code.AppendLine("default: x--; break; }");
    }

    private void Try(int function, int depth, bool inLoop)
    {
        bool catches = _random.Next(4) > 0;
        _code.AppendLine("try {");
        Block(function, depth + 1, inLoop);
        _code.AppendLine("}");
        if (catches)
        {
            _code.AppendLine(_random.Next(3) switch { 0 => "catch (Failure) {", 1 => $"catch (Exception) when ((y & {_random.Next(4)}) == 0) {{", _ => "catch (Exception) {" });
            Block(function, depth + 1, inLoop);
            _code.AppendLine(_random.Next(3) == 0 ? "throw; }" : "}");
        }
        if (!catches || _random.Next(2) == 0)
        {
            // Control cannot leave a finally block, so it holds plain statements only.
            _code.AppendLine($"finally {{ x += {_random.Next(5)}; if ((x & 1) == 0) y++; }}");
        }
    }
}
