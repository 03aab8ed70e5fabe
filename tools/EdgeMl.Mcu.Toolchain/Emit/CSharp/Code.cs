using System.Globalization;

namespace EdgeMl.Mcu.Toolchain.Emit.CSharp;

/// <summary>A C# expression with what it costs on the device: IL instructions that run, and bytes of bytecode, both as the C# compiler emits them (never less).</summary>
/// <param name="Text">The source text.</param>
/// <param name="Instructions">IL instructions.</param>
/// <param name="Bytes">Bytes of bytecode.</param>
/// <param name="Precedence">How strongly the outermost operator binds.</param>
internal readonly record struct Code(string Text, int Instructions, int Bytes, int Precedence = Code.Atom)
{
    private const int Atom = 4;
    private const int Unary = 3;
    private const int Product = 2;
    private const int Sum = 1;
    private const int Loose = 0;

    /// <summary>Bytes of loading or storing a local or argument.</summary>
    public const int LocalBytes = 2;

    public static Code operator +(Code left, Code right) => Binary(left, "+", right, Sum);

    public static Code operator -(Code left, Code right) => Binary(left, "-", right, Sum);

    public static Code operator *(Code left, Code right) => Binary(left, "*", right, Product);

    public static Code operator &(Code left, Code right) => Binary(left, "&", right, Loose);

    /// <summary>A local variable or an argument.</summary>
    public static Code Local(string name) => new(name, 1, LocalBytes);

    /// <summary>An int constant.</summary>
    public static Code Int(int value) => new(Invariant(value), 1, IntBytes(value), value < 0 ? Unary : Atom);

    /// <summary>A long constant: one instruction of nine bytes, or an int constant and a conversion.</summary>
    public static Code Long(long value)
    {
        string text = value == long.MinValue ? "long.MinValue" : Invariant(value) + "L";
        int precedence = value < 0 ? Unary : Atom;
        if (value is >= int.MinValue and <= uint.MaxValue)
            return new Code(text, 2, 1 + (value <= int.MaxValue ? IntBytes((int)value) : 5), precedence);
        return new Code(text, 1, 9, precedence);
    }

    /// <summary>An array element.</summary>
    public static Code Element(string array, Code index) => new($"{array}[{index.Text}]", index.Instructions + 2, index.Bytes + LocalBytes + 1);

    /// <summary>A local plus a constant, which may be 0.</summary>
    public static Code Offset(string local, int offset) => offset == 0 ? Local(local) : offset < 0 ? Local(local) - Int(-offset) : Local(local) + Int(offset);

    /// <summary>Shifted left.</summary>
    public Code ShiftLeft(int bits) => bits == 0 ? this : Binary(this, "<<", Int(bits), Loose);

    /// <summary>Shifted right, keeping the sign.</summary>
    public Code ShiftRight(int bits) => bits == 0 ? this : Binary(this, ">>", Int(bits), Loose);

    /// <summary>Shifted right by a local, keeping the sign.</summary>
    public Code ShiftRight(string bits) => Binary(this, ">>", Local(bits), Loose);

    /// <summary>Converted to another type.</summary>
    public Code To(string type) => new($"({type}){Enclosed(Unary)}", Instructions + 1, Bytes + 1, Unary);

    private static Code Binary(Code left, string op, Code right, int precedence) => new(
        $"{left.Enclosed(precedence == Loose ? Sum : precedence)} {op} {right.Enclosed(precedence + 1)}", left.Instructions + right.Instructions + 1, left.Bytes + right.Bytes + 1, precedence);

    private string Enclosed(int precedence) => Precedence >= precedence && Precedence != Loose ? Text : $"({Text})";

    private static int IntBytes(int value) => value is >= -1 and <= 8 ? 1 : value is >= sbyte.MinValue and <= sbyte.MaxValue ? 2 : 5;

    private static string Invariant(long value) => value.ToString(CultureInfo.InvariantCulture);
}
