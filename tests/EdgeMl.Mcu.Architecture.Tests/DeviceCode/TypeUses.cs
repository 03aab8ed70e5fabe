using Mono.Cecil;
using Mono.Cecil.Cil;

namespace EdgeMl.Mcu.Architecture.Tests.DeviceCode;

/// <summary>Walks every type that an assembly's signatures and code mention.</summary>
internal static class TypeUses
{
    /// <summary>All type definitions of a module, nested ones included.</summary>
    public static IEnumerable<TypeDefinition> AllTypes(ModuleDefinition module) => module.GetTypes();

    /// <summary>All methods of a module.</summary>
    public static IEnumerable<MethodDefinition> AllMethods(ModuleDefinition module) => AllTypes(module).SelectMany(type => type.Methods);

    /// <summary>Where a type is mentioned, and which: base types, fields, signatures, locals and operands.</summary>
    public static IEnumerable<(string Place, TypeReference Type)> Of(ModuleDefinition module)
    {
        foreach (TypeDefinition type in AllTypes(module))
        {
            if (type.BaseType is not null)
            {
                yield return (type.FullName, type.BaseType);
            }

            foreach (InterfaceImplementation implementation in type.Interfaces)
            {
                yield return (type.FullName, implementation.InterfaceType);
            }

            foreach (FieldDefinition field in type.Fields)
            {
                yield return (field.FullName, field.FieldType);
            }

            foreach (MethodDefinition method in type.Methods)
            {
                foreach (TypeReference used in OfMethod(method))
                {
                    yield return (method.FullName, used);
                }
            }
        }
    }

    /// <summary>The type itself and everything it is made of: element types, generic arguments, modifiers.</summary>
    public static IEnumerable<TypeReference> PartsOf(TypeReference type)
    {
        yield return type;
        if (type is FunctionPointerType)
        {
            yield break;
        }

        if (type is GenericInstanceType instance)
        {
            foreach (TypeReference part in instance.GenericArguments.SelectMany(PartsOf))
            {
                yield return part;
            }
        }

        if (type is TypeSpecification specification)
        {
            foreach (TypeReference part in PartsOf(specification.ElementType))
            {
                yield return part;
            }
        }
    }

    private static IEnumerable<TypeReference> OfMethod(MethodDefinition method)
    {
        IEnumerable<TypeReference> types = OfSignature(method);
        if (!method.HasBody)
        {
            return types;
        }

        return types
            .Concat(method.Body.Variables.Select(variable => variable.VariableType))
            .Concat(method.Body.ExceptionHandlers.Where(handler => handler.CatchType is not null).Select(handler => handler.CatchType))
            .Concat(method.Body.Instructions.SelectMany(OfOperand));
    }

    private static IEnumerable<TypeReference> OfOperand(Instruction instruction) => instruction.Operand switch
    {
        TypeReference type => [type],
        FieldReference field => [field.DeclaringType, field.FieldType],
        GenericInstanceMethod method => [.. OfSignature(method), method.DeclaringType, .. method.GenericArguments],
        MethodReference method => [.. OfSignature(method), method.DeclaringType],
        CallSite site => [site.ReturnType, .. site.Parameters.Select(parameter => parameter.ParameterType)],
        _ => [],
    };

    private static IEnumerable<TypeReference> OfSignature(MethodReference method) =>
        method.Parameters.Select(parameter => parameter.ParameterType).Prepend(method.ReturnType);
}
