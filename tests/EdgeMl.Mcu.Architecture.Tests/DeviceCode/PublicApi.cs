using System.Globalization;
using Mono.Cecil;

namespace EdgeMl.Mcu.Architecture.Tests.DeviceCode;

/// <summary>An assembly's public API as lines of text, one for each type, interface and member, for comparing two assemblies.</summary>
internal static class PublicApi
{
    /// <summary>Every public type with what it derives from and implements, and its public and protected members.</summary>
    public static IReadOnlySet<string> Of(AssemblyDefinition assembly) =>
        assembly.MainModule.GetTypes().Where(IsVisible).SelectMany(OfType).ToHashSet();

    private static bool IsVisible(TypeDefinition type) =>
        type.IsNested ? type.IsNestedPublic && IsVisible(type.DeclaringType) : type.IsPublic;

    private static bool IsVisible(MethodDefinition method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsVisible(FieldDefinition field) => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly;

    private static IEnumerable<string> OfType(TypeDefinition type)
    {
        yield return $"type {type.FullName} : {type.BaseType?.FullName} {KindOf(type)}";
        foreach (InterfaceImplementation implementation in type.Interfaces)
        {
            yield return $"type {type.FullName} implements {implementation.InterfaceType.FullName}";
        }

        foreach (FieldDefinition field in type.Fields.Where(field => IsVisible(field) && !field.IsSpecialName))
        {
            yield return $"field {field.FullName} {field.Attributes} = {Text(field.Constant)}";
        }

        foreach (MethodDefinition method in type.Methods.Where(IsVisible))
        {
            yield return $"method {method.FullName} {KindOf(method)} ({string.Join(", ", method.Parameters.Select(Text))})";
        }

        foreach (PropertyDefinition property in type.Properties.Where(property => IsVisible(property.GetMethod ?? property.SetMethod)))
        {
            yield return $"property {property.FullName}";
        }
    }

    private static string KindOf(TypeDefinition type) =>
        $"{type.Attributes & (TypeAttributes.Abstract | TypeAttributes.Sealed | TypeAttributes.Interface)}"
        + (type.IsEnum ? $" of {type.Fields.Single(field => field.IsSpecialName).FieldType}" : string.Empty)
        + Text(type, "IsByRefLikeAttribute", " ref")
        + Text(type, "FlagsAttribute", " flags")
        + Text(type, "ObsoleteAttribute", " obsolete");

    private static string KindOf(MethodDefinition method) =>
        $"{method.Attributes & (MethodAttributes.MemberAccessMask | MethodAttributes.Static | MethodAttributes.Virtual | MethodAttributes.Abstract | MethodAttributes.Final | MethodAttributes.NewSlot)}"
        + Text(method, "ConditionalAttribute", " conditional")
        + Text(method, "ObsoleteAttribute", " obsolete");

    private static string Text(ParameterDefinition parameter) =>
        $"{parameter.Attributes} {parameter.Name}"
        + (parameter.HasConstant ? " = " + Text(parameter.Constant) : string.Empty)
        + Text(parameter, "ParamArrayAttribute", " params");

    private static string Text(ICustomAttributeProvider provider, string attribute, string text) =>
        provider.CustomAttributes.Any(present => present.AttributeType.Name == attribute) ? text : string.Empty;

    private static string Text(object? constant) => Convert.ToString(constant, CultureInfo.InvariantCulture) ?? string.Empty;
}
