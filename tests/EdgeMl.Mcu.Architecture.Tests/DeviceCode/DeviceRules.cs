using EdgeMl.Mcu.Metering;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace EdgeMl.Mcu.Architecture.Tests.DeviceCode;

/// <summary>
/// What an assembly may not contain if it shall run on nanoFramework 1.17. The compiler accepts all of it, and most of it
/// crashes, ends the program or computes something else on the device without a word. Each rule returns one line per violation.
/// </summary>
internal static class DeviceRules
{
    /// <summary>Most locals of one method.</summary>
    public const int LocalsLimit = 255;

    /// <summary>Deepest evaluation stack of one method.</summary>
    public const int StackLimit = 255;

    /// <summary>Most bytes of static array initialisers in one PE file.</summary>
    public const int StaticDataLimit = 65_000;

    private static readonly HashSet<Code> RefusedCodes =
    [
        Code.Calli, Code.Jmp, Code.Localloc, Code.Arglist, Code.Cpblk, Code.Initblk, Code.Mkrefany, Code.Refanytype, Code.Refanyval, Code.Tail,
    ];

    /// <summary>All rules that hold for every device assembly.</summary>
    /// <param name="module">The assembly's only module.</param>
    /// <param name="knownAssemblies">Names of the assemblies that exist on the device.</param>
    public static IReadOnlyList<string> Check(ModuleDefinition module, IReadOnlySet<string> knownAssemblies) =>
    [
        .. References(module, knownAssemblies),
        .. Generics(module),
        .. Types(module),
        .. Interfaces(module),
        .. Sizes(module),
        .. Instructions(module),
    ];

    /// <summary>References to assemblies that do not exist on the device.</summary>
    public static IEnumerable<string> References(ModuleDefinition module, IReadOnlySet<string> knownAssemblies) =>
        module.AssemblyReferences
            .Where(reference => !knownAssemblies.Contains(reference.Name))
            .Select(reference => $"reference to {reference.Name}, which is no nanoFramework assembly");

    /// <summary>Generic types and methods, defined or used.</summary>
    public static IEnumerable<string> Generics(ModuleDefinition module)
    {
        foreach (TypeDefinition type in TypeUses.AllTypes(module).Where(type => type.HasGenericParameters))
        {
            yield return $"{type.FullName}: generic type";
        }

        foreach (MethodDefinition method in TypeUses.AllMethods(module))
        {
            if (method.HasGenericParameters)
            {
                yield return $"{method.FullName}: generic method";
            }

            if (method.HasBody && method.Body.Instructions.Any(instruction => instruction.Operand is GenericInstanceMethod))
            {
                yield return $"{method.FullName}: calls a generic method";
            }
        }

        foreach ((string place, TypeReference type) in TypeUses.Of(module))
        {
            if (TypeUses.PartsOf(type).Any(part => part is GenericInstanceType))
            {
                yield return $"{place}: uses the generic type {type.FullName}";
            }
        }
    }

    /// <summary>Multi-dimensional arrays, pointers, pinned locals and function pointers.</summary>
    public static IEnumerable<string> Types(ModuleDefinition module)
    {
        foreach ((string place, TypeReference type) in TypeUses.Of(module))
        {
            foreach (TypeReference part in TypeUses.PartsOf(type))
            {
                string? kind = part switch
                {
                    ArrayType { IsVector: false } => "multi-dimensional array",
                    PointerType => "pointer",
                    PinnedType => "pinned local",
                    FunctionPointerType => "function pointer",
                    _ => null,
                };
                if (kind is not null)
                {
                    yield return $"{place}: {kind} {part.FullName}";
                }
            }
        }
    }

    /// <summary>Interface members with a body, and native methods other than internal calls.</summary>
    public static IEnumerable<string> Interfaces(ModuleDefinition module)
    {
        foreach (MethodDefinition method in TypeUses.AllMethods(module))
        {
            if (method.DeclaringType.IsInterface && method.HasBody)
            {
                yield return $"{method.FullName}: interface member with a body";
            }

            if (method.IsPInvokeImpl)
            {
                yield return $"{method.FullName}: platform invoke";
            }
        }
    }

    /// <summary>Limits of a method and of a PE file.</summary>
    public static IEnumerable<string> Sizes(ModuleDefinition module)
    {
        foreach (MethodDefinition method in TypeUses.AllMethods(module).Where(method => method.HasBody))
        {
            if (method.Body.Variables.Count > LocalsLimit)
            {
                yield return $"{method.FullName}: {method.Body.Variables.Count} locals, limit {LocalsLimit}";
            }

            if (method.Body.MaxStackSize > StackLimit)
            {
                yield return $"{method.FullName}: stack of {method.Body.MaxStackSize}, limit {StackLimit}";
            }
        }

        int byteCode = NanoByteCode.SizeOf(module);
        if (byteCode > NanoByteCode.AssemblyLimit)
        {
            yield return $"{module.Name}: {byteCode} bytes of bytecode, limit {NanoByteCode.AssemblyLimit}";
        }

        int staticData = StaticDataSize(module);
        if (staticData > StaticDataLimit)
        {
            yield return $"{module.Name}: {staticData} bytes of static array initialisers, limit {StaticDataLimit}";
        }
    }

    /// <summary>Instructions that the device lacks or that mean something else there, and branches that it cannot encode.</summary>
    public static IEnumerable<string> Instructions(ModuleDefinition module)
    {
        foreach (MethodDefinition method in TypeUses.AllMethods(module).Where(method => method.HasBody))
        {
            Dictionary<Instruction, int> offsets = NanoByteCode.OffsetsOf(method.Body);
            foreach (Instruction instruction in method.Body.Instructions)
            {
                if (RefusedCodes.Contains(instruction.OpCode.Code))
                {
                    yield return $"{method.FullName}: instruction {instruction.OpCode.Name}";
                }
                else if (instruction.OpCode.Name.Contains(".ovf", StringComparison.Ordinal))
                {
                    yield return $"{method.FullName}: checked arithmetic ({instruction.OpCode.Name}) never throws on the device";
                }

                if (instruction.Operand is Instruction[] { Length: > NanoByteCode.SwitchLimit } cases)
                {
                    yield return $"{method.FullName}: switch with {cases.Length} targets, limit {NanoByteCode.SwitchLimit}";
                }

                int next = offsets[instruction] + NanoByteCode.SizeOf(instruction);
                foreach (int distance in TargetsOf(instruction).Select(target => offsets[target] - next))
                {
                    if (distance is < short.MinValue or > short.MaxValue)
                    {
                        yield return $"{method.FullName}: branch over {Math.Abs(distance)} bytes, limit {short.MaxValue}";
                    }
                }
            }
        }
    }

    private static int StaticDataSize(ModuleDefinition module) =>
        TypeUses.AllTypes(module).SelectMany(type => type.Fields).Sum(field => field.InitialValue?.Length ?? 0);

    private static Instruction[] TargetsOf(Instruction instruction) => instruction.Operand switch
    {
        Instruction target => [target],
        Instruction[] targets => targets,
        _ => [],
    };
}
