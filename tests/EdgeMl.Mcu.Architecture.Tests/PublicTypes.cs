using EdgeMl.Mcu.Testing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace EdgeMl.Mcu.Architecture.Tests;

/// <summary>The public types that source files declare, read from their syntax.</summary>
internal static class PublicTypes
{
    /// <summary>The types of which no part has a documentation comment, each with the place of a declaration.</summary>
    public static IEnumerable<string> Undocumented(IEnumerable<string> paths) =>
        paths.SelectMany(Declarations)
            .GroupBy(declaration => declaration.Type)
            .Where(parts => !parts.Any(part => part.IsDocumented))
            .Select(parts => $"{parts.First().Place}: {parts.Key}");

    private static IEnumerable<(string Type, string Place, bool IsDocumented)> Declarations(string path)
    {
        SyntaxNode root = CSharpSyntaxTree
            .ParseText(File.ReadAllText(Repository.PathOf(path)), new CSharpParseOptions(LanguageVersion.Preview))
            .GetRoot();
        foreach (SyntaxNode node in root.DescendantNodes())
        {
            (SyntaxToken Name, SyntaxTokenList Modifiers)? type = node switch
            {
                BaseTypeDeclarationSyntax declaration => (declaration.Identifier, declaration.Modifiers),
                DelegateDeclarationSyntax declaration => (declaration.Identifier, declaration.Modifiers),
                _ => null,
            };
            if (type is { } found && found.Modifiers.Any(SyntaxKind.PublicKeyword))
            {
                string name = string.Join('.', node.Ancestors().OfType<BaseTypeDeclarationSyntax>().Select(outer => outer.Identifier.Text).Reverse().Append(found.Name.Text));
                string scope = node.Ancestors().OfType<BaseNamespaceDeclarationSyntax>().FirstOrDefault()?.Name.ToString() ?? string.Empty;
                int line = node.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
                yield return ($"{scope}.{name}", $"{path}:{line}", node.GetLeadingTrivia().Any(SyntaxKind.SingleLineDocumentationCommentTrivia));
            }
        }
    }
}
