using System.Reflection;
using System.Text;
using System.Xml.Linq;
using EdgeMl.Mcu.Agent;
using EdgeMl.Mcu.Device;
using EdgeMl.Mcu.Link;
using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Cli.Tests;

/// <summary>docs/errors.md lists every code with the comment that stands beside it in the source.</summary>
public class ErrorDocumentTests
{
    [Fact]
    public void The_document_of_errors_is_what_the_code_says() =>
        Assert.True(GeneratedDocument.IsCurrent("docs/errors.md", Document()), GeneratedDocument.HowToUpdate);

    [Fact]
    public void Every_code_is_of_one_library_only_and_stands_in_lower_case()
    {
        string[] codes = [.. ErrorSource.All.Select(source => source.Codes).Append(typeof(Failure)).SelectMany(Constants).Select(field => (string)field.GetRawConstantValue()!)];
        Assert.Equal(codes.Distinct(), codes);
        Assert.All(codes, code => Assert.Matches("^[a-z]+([.-][a-z]+)*[.]?$", code));
        Assert.All(ErrorSource.All, source => Assert.Empty(source.Unreachable.Concat(source.Refused).Except(Constants(source.Codes).Select(field => (string)field.GetRawConstantValue()!))));
    }

    private static string Document()
    {
        var text = new StringBuilder("# Errors\n\n<!-- Written by ErrorDocumentTests from the comments in the code. To write it again: EDGEML_UPDATE_DOCS=1 dotnet test -->\n");
        text.Append("\n## Exit codes of `edgeml`\n\n| exit code | meaning |\n| --- | --- |\n");
        foreach (FieldInfo field in Constants(typeof(ExitCodes)))
            text.Append($"| {field.GetRawConstantValue()} | {Comment(field, "summary")} |\n");
        text.Append("\n## Codes of the desktop tools\n\nWith `--json` a failure is `{\"error\": {\"code\", \"message\", \"hint\"}}` on standard output. A code keeps its name and meaning.\n");
        foreach (ErrorSource source in ErrorSource.All)
            AddCodes(text, source.Name, source.Codes, source.ExitCodeOf);
        AddCodes(text, "Command line", typeof(Failure), code => code switch
        {
            Failure.UsageCode => ExitCodes.Usage,
            Failure.InterruptedCode => ExitCodes.Interrupted,
            _ => ExitCodes.Failed,
        });
        text.Append("\n## Numbers of the device runtime\n\n`EdgeMl.Mcu.Runtime.Error`, one byte. The desktop tools show the first ones as `emlm.` and the name, such as `emlm.not-a-model`.\n");
        text.Append("\n| number | name | meaning |\n| --- | --- | --- |\n");
        AddNumbers(text, typeof(Error));
        text.Append("\n## Numbers of the device agent\n\n`EdgeMl.Mcu.Agent.AgentError`, one byte, in status messages and in the journal.\n\n| number | name | meaning |\n| --- | --- | --- |\n");
        AddNumbers(text, typeof(AgentError));
        text.Append("\n## Numbers of the device application\n\n`EdgeMl.Mcu.Device.DeviceError`, one byte, in the log and in status messages.\n\n| number | name | meaning |\n| --- | --- | --- |\n");
        AddNumbers(text, typeof(DeviceError));
        text.Append("\n## Numbers of the bench link\n\n`EdgeMl.Mcu.Link.LinkError`, one byte, in answers of [the bench link](link.md).\n\n| number | name | meaning |\n| --- | --- | --- |\n");
        AddNumbers(text, typeof(LinkError));
        return text.ToString();
    }

    private static void AddCodes(StringBuilder text, string name, Type codes, Func<string, int> exitCodeOf)
    {
        text.Append($"\n### {name}\n\n| code | exit code | meaning | remedy |\n| --- | --- | --- | --- |\n");
        foreach (FieldInfo field in Constants(codes))
        {
            string code = (string)field.GetRawConstantValue()!;
            text.Append($"| `{code}{(code.EndsWith('.') ? "…" : "")}` | {exitCodeOf(code)} | {Comment(field, "summary")} | {Comment(field, "remarks")} |\n");
        }
    }

    private static void AddNumbers(StringBuilder text, Type errors)
    {
        foreach (FieldInfo field in errors.GetFields(BindingFlags.Public | BindingFlags.Static))
            text.Append($"| {(byte)field.GetRawConstantValue()!} | `{field.Name}` | {Comment(field, "summary")} |\n");
    }

    private static IEnumerable<FieldInfo> Constants(Type type) =>
        type.GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static).Where(field => field.IsLiteral && !field.IsPrivate);

    private static string Comment(FieldInfo field, string part)
    {
        Type type = field.DeclaringType!;
        XDocument comments = XDocument.Load(Path.ChangeExtension(type.Assembly.Location, ".xml"));
        XElement? member = comments.Descendants("member").FirstOrDefault(item => item.Attribute("name")?.Value == $"F:{type.FullName}.{field.Name}");
        string? comment = member?.Element(part)?.ToString();
        Assert.True(comment is not null, $"{type.Name}.{field.Name} has no {part}.");
        string plain = string.Concat(XElement.Parse(comment).Nodes().Select(node => node is XElement { Name.LocalName: "c" } code ? $"`{code.Value}`" : node is XElement other ? other.Value : node.ToString()));
        return string.Join(' ', plain.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).Replace("|", "\\|", StringComparison.Ordinal);
    }
}
