using System.Reflection;
using System.Text;
using System.Xml.Linq;
using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Import.Onnx.Operators;
using EdgeMl.Mcu.Toolchain.Import.TfLite;
using EdgeMl.Mcu.Toolchain.Inspect;

namespace EdgeMl.Mcu.Toolchain.Tests;

/// <summary>docs/operators.md lists what the importers know and which kernels the device has.</summary>
public class OperatorDocumentTests
{
    [Fact]
    public void The_document_of_operators_is_what_the_code_knows() =>
        Assert.True(GeneratedDocument.IsCurrent("docs/operators.md", Document()), GeneratedDocument.HowToUpdate);

    private static string Document()
    {
        var text = new StringBuilder("# Operators\n\n<!-- Written by OperatorDocumentTests. To write it again: EDGEML_UPDATE_DOCS=1 dotnet test -->\n");
        string[] tfLite = [.. TfLiteOperators.Names];
        text.Append($"\n## TensorFlow Lite: {tfLite.Length} operators\n\n{List(tfLite)}\n");
        text.Append($"\n## ONNX: {OperatorTable.Names.Count} operators\n\n{List(OperatorTable.Names)}\n");
        text.Append($"\nOf the operator set ai.onnx.ml: {List(OperatorTable.MlNames)} What holds for them: [trees.md](trees.md).\n");
        text.Append("\nWhat a variant needs (constants, shapes, modes) the importer says about the node that lacks it. How much of the official tests passes: [onnx.md](onnx.md).\n");
        text.Append($"\n## Functions of one element\n\nOn the device each of them is one table of 256 results: {List(Enum.GetNames<UnaryKind>())}\n");
        text.Append("\n## Kernels of the device\n\nSeveral operators share a kernel: moves are one strided copy, functions of one element one table.\n\nThe assembly is that of the device: the last part of EdgeMl.Mcu.Runtime, EdgeMl.Mcu.Runtime.Packed or EdgeMl.Mcu.Runtime.Typed.\n\n| number | kernel | assembly | what it does |\n| --- | --- | --- | --- |\n");
        var comments = new XmlComments(typeof(OpCode).Assembly);
        foreach (FieldInfo field in typeof(OpCode).GetFields(BindingFlags.Public | BindingFlags.Static))
        {
            var op = (OpCode)field.GetRawConstantValue()!;
            text.Append($"| {(ushort)op} | `{op}` | {KernelAssemblies.Of(op).Split('.')[^1]} | {Description(comments, op, field)} |\n");
        }
        return text.ToString();
    }

    private static string List(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"`{name}`")) + ".";

    // The comment of the kernel's class, and what the code's own comment says beside the name of that class.
    private static string Description(XmlComments comments, OpCode op, FieldInfo field)
    {
        XElement own = comments.Find($"F:{field.DeclaringType!.FullName}.{field.Name}", "summary")!;
        string variant = string.Concat(own.Nodes().OfType<XText>()).Trim();
        return $"{comments.Summary($"T:{KernelTable.Find((int)op).GetType().FullName}")}{(variant.Length > 0 ? $" Here: {variant}" : "")}";
    }
}
