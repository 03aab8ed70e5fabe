using System.Reflection;
using System.Text;
using System.Xml.Linq;
using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain;

namespace EdgeMl.Mcu.Cli.Tests;

/// <summary>docs/errors.md lists every code with the comment that stands beside it in the source.</summary>
public class ErrorDocumentTests
{
    [Fact]
    public void The_document_of_errors_is_what_the_code_says() =>
        Assert.True(GeneratedDocument.IsCurrent("docs/errors.md", Document()), GeneratedDocument.HowToUpdate);

    private static string Document()
    {
        var text = new StringBuilder("# Errors\n\n<!-- Written by ErrorDocumentTests from the comments in the code. To write it again: EDGEML_UPDATE_DOCS=1 dotnet test -->\n");
        text.Append("\n## Exit codes of `edgeml`\n\n| exit code | meaning |\n| --- | --- |\n");
        foreach (FieldInfo field in Constants(typeof(ExitCodes)))
            text.Append($"| {field.GetRawConstantValue()} | {Summary(field)} |\n");
        text.Append("\n## Codes of the desktop tools\n\nWith `--json` a failure is `{\"error\": {\"code\", \"message\", \"hint\"}}` on standard output. A code keeps its name and meaning.\n");
        text.Append("\n| code | meaning |\n| --- | --- |\n");
        foreach (FieldInfo field in Constants(typeof(ErrorCodes)).Concat(Constants(typeof(Failure))))
            text.Append($"| `{field.GetRawConstantValue()}{(field.Name == nameof(ErrorCodes.EmlmPrefix) ? "…" : "")}` | {Summary(field)} |\n");
        text.Append("\n## Numbers of the device runtime\n\n`EdgeMl.Mcu.Runtime.Error`, one byte. The desktop tools show the first ones as `emlm.` and the name, such as `emlm.not-a-model`.\n");
        text.Append("\n| number | name | meaning |\n| --- | --- | --- |\n");
        foreach (FieldInfo field in typeof(Error).GetFields(BindingFlags.Public | BindingFlags.Static))
            text.Append($"| {(byte)field.GetRawConstantValue()!} | `{field.Name}` | {Summary(field)} |\n");
        return text.ToString();
    }

    private static IEnumerable<FieldInfo> Constants(Type type) =>
        type.GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static).Where(field => field.IsLiteral && !field.IsPrivate);

    private static string Summary(FieldInfo field)
    {
        Type type = field.DeclaringType!;
        XDocument comments = XDocument.Load(Path.ChangeExtension(type.Assembly.Location, ".xml"));
        XElement? member = comments.Descendants("member").FirstOrDefault(item => item.Attribute("name")?.Value == $"F:{type.FullName}.{field.Name}");
        string? summary = member?.Element("summary")?.ToString();
        Assert.True(summary is not null, $"{type.Name}.{field.Name} has no comment.");
        string plain = string.Concat(XElement.Parse(summary).Nodes().Select(node => node is XElement { Name.LocalName: "c" } code ? $"`{code.Value}`" : node is XElement other ? other.Value : node.ToString()));
        return string.Join(' ', plain.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).Replace("|", "\\|", StringComparison.Ordinal);
    }
}
