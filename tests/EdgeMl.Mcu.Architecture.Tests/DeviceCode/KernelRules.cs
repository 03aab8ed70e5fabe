using Mono.Cecil;
using Mono.Cecil.Cil;

namespace EdgeMl.Mcu.Architecture.Tests.DeviceCode;

/// <summary>
/// What the <c>Run</c> method of a kernel, and everything it calls, may not do: allocate, throw, catch, or keep state between calls.
/// </summary>
internal static class KernelRules
{
    /// <summary>Full name of the class that every kernel derives from.</summary>
    public const string KernelType = "EdgeMl.Mcu.Runtime.Kernel";

    private const string RunMethod = "Run";
    private const string ClassLibrary = "mscorlib";

    private static readonly HashSet<string> AllowedCalls =
    [
        "System.Array::Clear", "System.Array::Copy", "System.Array::get_Length",
        "System.BitConverter::DoubleToInt64Bits", "System.BitConverter::Int64BitsToDouble",
        "System.BitConverter::ToInt16", "System.BitConverter::ToInt32", "System.BitConverter::ToInt64",
        "System.BitConverter::ToSingle", "System.BitConverter::ToUInt16", "System.BitConverter::ToUInt32",
    ];

    /// <summary>The classes of a module that derive from the kernel class and have a <c>Run</c> of their own.</summary>
    public static IReadOnlyList<MethodDefinition> RunMethods(ModuleDefinition module) =>
        [.. TypeUses.AllTypes(module)
            .Where(IsKernel)
            .SelectMany(type => type.Methods)
            .Where(method => method.Name == RunMethod && method.HasBody)];

    /// <summary>One line for each violation in the <c>Run</c> methods of a module and in what they call, there and in the device assemblies that it refers to.</summary>
    public static IReadOnlyList<string> Check(ModuleDefinition module)
    {
        HashSet<ModuleDefinition> modules =
            [module, .. module.AssemblyReferences.Where(reference => reference.Name != ClassLibrary).Select(reference => module.AssemblyResolver.Resolve(reference).MainModule)];
        ILookup<string, MethodDefinition> overrides = modules.SelectMany(TypeUses.AllMethods)
            .Where(method => method.IsVirtual && method.HasBody)
            .ToLookup(SignatureOf);
        var seen = new HashSet<MethodDefinition>();
        var waiting = new Queue<MethodDefinition>(RunMethods(module));
        var violations = new List<string>();
        while (waiting.TryDequeue(out MethodDefinition? method))
        {
            if (!seen.Add(method) || !method.HasBody)
            {
                continue;
            }

            if (method.Body.HasExceptionHandlers)
            {
                violations.Add($"{method.FullName}: exception handler");
            }

            foreach (Instruction instruction in method.Body.Instructions)
            {
                if (Violation(instruction) is { } violation)
                {
                    violations.Add($"{method.FullName}: {violation}");
                }

                foreach (MethodDefinition callee in CalleesOf(instruction, modules, overrides))
                {
                    waiting.Enqueue(callee);
                }
            }
        }

        return violations;
    }

    private static string? Violation(Instruction instruction)
    {
        switch (instruction.OpCode.Code)
        {
            case Code.Newobj when ((MethodReference)instruction.Operand).DeclaringType.IsValueType:
                return null;
            case Code.Newobj or Code.Newarr or Code.Box or Code.Ldstr or Code.Constrained or Code.Ldtoken or Code.Ldftn or Code.Ldvirtftn:
                return $"{instruction.OpCode.Name} {instruction.Operand} allocates";
            case Code.Throw or Code.Rethrow:
                return "throws";
            case Code.Stsfld:
                return $"writes the static field {instruction.Operand}";
            case Code.Stfld when ((FieldReference)instruction.Operand).DeclaringType.Resolve() is { } owner && IsKernel(owner):
                return $"writes the kernel's own field {instruction.Operand}";
            case Code.Call or Code.Callvirt when instruction.Operand is MethodReference callee && IsOutside(callee) && !AllowedCalls.Contains(NameOf(callee)):
                return $"calls {NameOf(callee)}, which is not on the list of methods known not to allocate";
            default:
                return null;
        }
    }

    private static IEnumerable<MethodDefinition> CalleesOf(
        Instruction instruction, HashSet<ModuleDefinition> modules, ILookup<string, MethodDefinition> overrides)
    {
        if (instruction.OpCode.Code is not (Code.Call or Code.Callvirt or Code.Newobj)
            || ((MethodReference)instruction.Operand).Resolve() is not { } callee
            || !modules.Contains(callee.Module))
        {
            return [];
        }

        return callee.IsVirtual ? overrides[SignatureOf(callee)].Append(callee) : [callee];
    }

    private static bool IsKernel(TypeDefinition type)
    {
        for (TypeDefinition? ancestor = type; ancestor is not null; ancestor = ancestor.BaseType?.Resolve())
        {
            if (ancestor.FullName == KernelType)
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsOutside(MethodReference method) => method.DeclaringType.Scope is AssemblyNameReference { Name: ClassLibrary };

    private static string NameOf(MethodReference method) => $"{method.DeclaringType.FullName}::{method.Name}";

    private static string SignatureOf(MethodDefinition method) =>
        $"{method.Name}({string.Join(",", method.Parameters.Select(parameter => parameter.ParameterType.FullName))})";
}
