using System.Reflection;
using System.Text;
using System.Xml.Linq;
using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Runtime.Kernels;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Inspect;

namespace EdgeMl.Mcu.Toolchain.Tests;

/// <summary>docs/emlm.md describes the model file: its tables are written from the constants that the runtime and the emitter use.</summary>
public class ModelFormatDocumentTests
{
    private static readonly XmlComments Comments = new(typeof(ModelFormat).Assembly);

    [Fact]
    public void The_tables_of_the_file_layout_are_the_constants_of_the_code() =>
        Assert.True(GeneratedDocument.IsCurrentPart("docs/emlm.md", "layout", Layout()), GeneratedDocument.HowToUpdate);

    [Fact]
    public void The_tables_of_the_kernels_parameters_are_the_constants_of_the_code() =>
        Assert.True(GeneratedDocument.IsCurrentPart("docs/emlm.md", "kernels", Kernels()), GeneratedDocument.HowToUpdate);

    private static string Layout()
    {
        var text = new StringBuilder();
        foreach (Type structure in new[] { typeof(ModelFormat.Header), typeof(ModelFormat.TensorRecord), typeof(ModelFormat.LayerRecord), typeof(ModelFormat.SelfTestRecord) })
        {
            text.Append($"\n### {structure.Name}\n\n{Comments.Summary($"T:{structure.FullName!.Replace('+', '.')}")}\n\n| offset | field | |\n| --- | --- | --- |\n");
            foreach (FieldInfo field in Constants(structure))
                text.Append($"| {field.GetRawConstantValue()} | {Name(field)} | {Comments.Summary(field)} |\n");
        }
        text.Append("\n### Tensor types and edges\n\n| number | name | |\n| --- | --- | --- |\n");
        foreach (FieldInfo field in Constants(typeof(TensorType)).Concat(Constants(typeof(TensorEdge))))
            text.Append($"| {Convert.ToInt32(field.GetRawConstantValue(), null)} | {field.DeclaringType!.Name}.{field.Name} | {Comments.Summary(field)} |\n");
        return text.ToString();
    }

    private static string Kernels()
    {
        var text = new StringBuilder($"\n### Window parameters\n\nThe first {WindowParameters.Count} parameters of the kernels that slide a window over an image.\n{Table(Parameters(typeof(WindowParameters)))}");
        foreach (FieldInfo code in Constants(typeof(OpCode)))
        {
            Kernel kernel = KernelTable.Find((ushort)code.GetRawConstantValue()!);
            Type type = kernel.GetType();
            text.Append($"\n### {code.GetRawConstantValue()} {code.Name}\n\n{Comments.Summary($"T:{type.FullName}")}\n");
            if (Comments.Find($"T:{type.FullName}", "remarks") is XElement remarks)
                text.Append($"\n{XmlComments.Plain(remarks)}\n");
            (int Index, string Text)[] parameters = [.. Parameters(type)];
            bool window = kernel.ParameterCount >= WindowParameters.Count && parameters.All(parameter => parameter.Index >= WindowParameters.Count);
            if (KernelAssemblies.Of((OpCode)code.GetRawConstantValue()!) is var assembly && assembly != KernelAssemblies.Runtime)
                text.Append($"\nOn the device in the assembly {assembly}.\n");
            text.Append($"\n{kernel.ParameterCount} parameters{(window ? ", first the window parameters" : "")}.\n{Table(parameters)}");
        }
        return text.ToString();
    }

    private static string Table(IEnumerable<(int Index, string Text)> parameters)
    {
        string rows = string.Concat(parameters.OrderBy(parameter => parameter.Index).Select(parameter => $"| {parameter.Index} | {parameter.Text} |\n"));
        return rows.Length == 0 ? "" : $"\n| index | parameter |\n| --- | --- |\n{rows}";
    }

    // A kernel's parameters are constants of its class and its bases whose comment says so.
    private static IEnumerable<(int Index, string Text)> Parameters(Type? type)
    {
        for (; type is not null; type = type.BaseType)
        {
            foreach (FieldInfo field in Constants(type))
            {
                string? summary = Comments.Find($"F:{type.FullName}.{field.Name}", "summary") is XElement element ? XmlComments.Plain(element) : null;
                if (summary is not null && summary.StartsWith("Parameter", StringComparison.Ordinal))
                    yield return ((int)field.GetRawConstantValue()!, summary[(summary.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim());
            }
        }
    }

    private static string Name(FieldInfo field) =>
        field.Name.EndsWith("Offset", StringComparison.Ordinal) && field.Name != "Offset" ? field.Name[..^"Offset".Length] : field.Name == "Size" ? "(size)" : field.Name;

    private static IEnumerable<FieldInfo> Constants(Type type) => type.GetFields(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly).Where(field => field.IsLiteral);
}
