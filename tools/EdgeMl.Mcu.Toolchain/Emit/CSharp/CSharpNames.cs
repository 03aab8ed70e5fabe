using System.Text;

namespace EdgeMl.Mcu.Toolchain.Emit.CSharp;

/// <summary>Names in generated code.</summary>
public static class CSharpNames
{
    private static readonly HashSet<string> Keywords =
    [
        "abstract", "as", "base", "bool", "break", "byte", "case", "catch", "char", "checked", "class", "const", "continue", "decimal", "default", "delegate", "do", "double",
        "else", "enum", "event", "explicit", "extern", "false", "finally", "fixed", "float", "for", "foreach", "goto", "if", "implicit", "in", "int", "interface", "internal",
        "is", "lock", "long", "namespace", "new", "null", "object", "operator", "out", "override", "params", "private", "protected", "public", "readonly", "ref", "return",
        "sbyte", "sealed", "short", "sizeof", "stackalloc", "static", "string", "struct", "switch", "this", "throw", "true", "try", "typeof", "uint", "ulong", "unchecked",
        "unsafe", "ushort", "using", "virtual", "void", "volatile", "while", "record",
    ];

    private static readonly HashSet<string> UsedTypes = ["Array", "BitConverter", "Frame", "Interpreter", "Kernel", "LanePacking", "LayerReader", "Model"];

    /// <summary>Whether a text is an identifier: ASCII letters, digits and underscores, no digit first, no keyword.</summary>
    public static bool IsIdentifier(string text) =>
        text.Length > 0 && !char.IsAsciiDigit(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') && !Keywords.Contains(text);

    /// <summary>Whether a text is the name of a namespace: identifiers with dots between them.</summary>
    public static bool IsNamespace(string text) => text.Split('.').All(IsIdentifier);

    /// <summary>Whether a class of this name would hide one that generated code uses.</summary>
    public static bool IsTaken(string className) => UsedTypes.Contains(className);

    /// <summary>A class name made of a model's name: its words begin with capitals, and whatever else stands between them goes.</summary>
    public static string ClassOf(string modelName)
    {
        var text = new StringBuilder();
        bool isStart = true;
        foreach (char c in modelName)
        {
            if (!char.IsAsciiLetterOrDigit(c))
            {
                isStart = true;
                continue;
            }
            if (text.Length == 0 && char.IsAsciiDigit(c))
                text.Append("Model");
            text.Append(isStart ? char.ToUpperInvariant(c) : c);
            isStart = false;
        }
        string name = text.Length == 0 ? "CompiledModel" : text.ToString();
        return IsTaken(name) ? name + "Network" : name;
    }
}
