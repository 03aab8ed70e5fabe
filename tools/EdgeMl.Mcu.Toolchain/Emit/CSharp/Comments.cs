using System.Security;
using System.Text.RegularExpressions;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Plan;

namespace EdgeMl.Mcu.Toolchain.Emit.CSharp;

/// <summary>Texts of the user and of the model as comments of generated files, which they cannot end.</summary>
internal static partial class Comments
{
    /// <summary>A text on one line of C#.</summary>
    public static string Line(string text) => string.Concat(text.Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' ? '?' : c));

    /// <summary>A text in a comment of XML, which may not hold two hyphens in a row.</summary>
    public static string Xml(string text) => AdjacentHyphen().Replace(Line(text), "- ");

    /// <summary>Lines of a documentation comment that list a model's inputs and outputs by their indices.</summary>
    public static string Ports(DeviceProgram program) => string.Concat(
        program.Inputs.Select((port, i) => Port("Input", i, port)).Concat(program.Outputs.Select((port, i) => Port("Output", i, port))).Select(text => $"/// {text}<br/>\n"));

    private static string Port(string kind, int index, DevicePort port) =>
        $"{kind} {index}: <c>{SecurityElement.Escape(Line(port.Port.Name))}</c>, {port.Port.SourceShape}, {port.Type.InGraph().JsonName()} on the device.";

    [GeneratedRegex("-(?=-)")]
    private static partial Regex AdjacentHyphen();
}
