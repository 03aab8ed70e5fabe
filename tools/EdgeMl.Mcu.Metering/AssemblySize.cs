using EdgeMl.Mcu.Metering.Costs;
using Mono.Cecil;

namespace EdgeMl.Mcu.Metering;

/// <summary>What an assembly takes on a device, without the metadata processor at hand.</summary>
/// <param name="FlashBytes">Size of its PE file. Up to three percent too high: the metadata processor leaves out names that the device knows anyway.</param>
/// <param name="TableBytes">RAM that the loader takes for its tables.</param>
/// <param name="FrameBytes">RAM of the frame that each method has on the call stack, by the name that <see cref="MethodCount"/> gives it: every local and stack slot is a heap unit.</param>
/// <remarks>Source of the sizes: the records of nf-interpreter 1.17 (<c>CLR_RECORD_*</c>), and what its loader reports.</remarks>
public sealed record AssemblySize(int FlashBytes, int TableBytes, IReadOnlyDictionary<string, int> FrameBytes)
{
    private const int HeaderBytes = 124;
    private const int AssemblyRefRecord = 12;
    private const int ReferenceRecord = 8;
    private const int TypeRecord = 24;
    private const int FieldRecord = 8;
    private const int MethodRecord = 16;
    private const int LoadedAssembly = 136;
    private const int FrameHeader = 84;
    private const int FrameSlotsMin = 10;
    private const int FrameSlotsReserved = 2;

    /// <summary>Size of nanoFramework's mscorlib 1.17.11, as its loader reports it.</summary>
    public static AssemblySize ClassLibrary { get; } = new(32_460, 3_240, new Dictionary<string, int>());

    /// <summary>The size of an assembly.</summary>
    /// <param name="image">A .NET assembly compiled for the nano subset.</param>
    public static AssemblySize Of(byte[] image)
    {
        using ModuleDefinition module = ModuleDefinition.ReadModule(new MemoryStream(image));
        TypeDefinition[] types = [.. module.GetTypes().Where(type => type.Name != "<Module>")];
        MethodDefinition[] methods = [.. types.SelectMany(type => type.Methods)];
        FieldDefinition[] fields = [.. types.SelectMany(type => type.Fields).Where(field => !field.HasConstant)];
        MemberReference[] members = [.. module.GetMemberReferences().Where(member => member.DeclaringType.Name != "DebuggableAttribute")];
        TypeReference[] foreign = [.. module.GetTypeReferences().Where(type => !type.Name.EndsWith("Attribute", StringComparison.Ordinal))];
        int statics = fields.Count(field => field.IsStatic);
        int records = (AssemblyRefRecord * module.AssemblyReferences.Count) + (ReferenceRecord * (foreign.Length + members.Length))
            + (TypeRecord * types.Length) + (FieldRecord * fields.Length) + (MethodRecord * methods.Length);
        int code = NanoByteCode.SizeOf(module);
        int tables = (4 * (module.AssemblyReferences.Count + foreign.Length + members.Length)) + (8 * types.Length) + (2 * (fields.Length + methods.Length)) + (HeapSizes.Unit * statics);
        return new AssemblySize(
            HeaderBytes + records + code + Strings(module, types, methods, fields, foreign, members) + Signatures(methods, fields, members),
            LoadedAssembly + tables,
            methods.Where(method => method.HasBody).ToDictionary(LibraryCosts.NameOf, FrameOf));
    }

    // Arguments lie on the caller's stack.
    private static int FrameOf(MethodDefinition method) =>
        FrameHeader + (HeapSizes.Unit * Math.Max(FrameSlotsMin, method.Body.Variables.Count + method.Body.MaxStackSize + FrameSlotsReserved));

    private static int Strings(ModuleDefinition module, TypeDefinition[] types, MethodDefinition[] methods, FieldDefinition[] fields, TypeReference[] foreign, MemberReference[] members)
    {
        IEnumerable<string> literals = methods.Where(method => method.HasBody).SelectMany(method => method.Body.Instructions).Select(instruction => instruction.Operand).OfType<string>();
        IEnumerable<string> names = types.Concat(foreign).SelectMany(type => new[] { type.Name, type.Namespace })
            .Concat(methods.Concat<MemberReference>(fields).Concat(members).Select(member => member.Name))
            .Concat(module.AssemblyReferences.Select(reference => reference.Name)).Append(module.Assembly.Name.Name);
        return literals.Concat(names).Distinct().Sum(text => System.Text.Encoding.UTF8.GetByteCount(text) + 1);
    }

    private static int Signatures(MethodDefinition[] methods, FieldDefinition[] fields, MemberReference[] members)
    {
        IEnumerable<(string Key, int Bytes)> calls = methods.Concat<MethodReference>(members.OfType<MethodReference>())
            .Select(method => (method.ReturnType.FullName + "(" + string.Join(',', method.Parameters.Select(parameter => parameter.ParameterType.FullName)),
                2 + SizeOf(method.ReturnType) + method.Parameters.Sum(parameter => SizeOf(parameter.ParameterType))));
        IEnumerable<(string Key, int Bytes)> locals = methods.Where(method => method.HasBody && method.Body.HasVariables)
            .Select(method => ("locals " + string.Join(',', method.Body.Variables.Select(local => local.VariableType.FullName)), method.Body.Variables.Sum(local => SizeOf(local.VariableType))));
        IEnumerable<(string Key, int Bytes)> values = fields.Select(field => ("field " + field.FieldType.FullName, 1 + SizeOf(field.FieldType)));
        return calls.Concat(locals).Concat(values).DistinctBy(signature => signature.Key).Sum(signature => signature.Bytes);
    }

    // One byte for each element type, two more for the token of a class or structure.
    private static int SizeOf(TypeReference type) =>
        type is TypeSpecification specification ? 1 + SizeOf(specification.ElementType) : type.MetadataType is MetadataType.Class or MetadataType.ValueType ? 3 : 1;
}
