using System.Reflection;
using System.Xml.Linq;

namespace EdgeMl.Mcu.Testing;

/// <summary>The documentation comments of an assembly, as plain text for a Markdown table or paragraph.</summary>
public sealed class XmlComments
{
    private readonly Dictionary<string, XElement> _members;

    /// <param name="assembly">An assembly whose comments lie beside it.</param>
    public XmlComments(Assembly assembly) =>
        _members = XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml")).Descendants("member").ToDictionary(member => member.Attribute("name")!.Value);

    /// <summary>A part of a member's comment, or null where it has none.</summary>
    /// <param name="member">Name with its prefix, such as <c>T:Namespace.Type</c>.</param>
    /// <param name="part">Element, such as <c>summary</c> or <c>remarks</c>.</param>
    public XElement? Find(string member, string part) => _members.TryGetValue(member, out XElement? comment) ? comment.Element(part) : null;

    /// <summary>The summary of a field, as plain text.</summary>
    public string Summary(FieldInfo field) => Summary($"F:{field.DeclaringType!.FullName!.Replace('+', '.')}.{field.Name}");

    /// <summary>The summary of a member, as plain text.</summary>
    public string Summary(string member) => Plain(Find(member, "summary") ?? throw new InvalidOperationException($"{member} has no comment."));

    /// <summary>Text of an element on one line, code in backticks, references by their last name.</summary>
    public static string Plain(XElement element)
    {
        string text = string.Concat(element.Nodes().Select(node => node switch
        {
            XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
            XElement { Name.LocalName: "see" } reference => LastName(reference.Attribute("cref")!.Value),
            XElement other => other.Value,
            XText plain => plain.Value,
            _ => "",
        }));
        return string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).Replace("|", "\\|", StringComparison.Ordinal);
    }

    private static string LastName(string reference)
    {
        string name = reference.Split('(')[0];
        return name[(name.LastIndexOf('.') + 1)..];
    }
}
