using Mono.Cecil;

namespace EdgeMl.Mcu.Metering.Costs;

/// <summary>Bytes that objects take in the managed heap of a 32-bit device: everything in units of 12 bytes, a unit for the header and one for each field.</summary>
/// <remarks>Source: nf-interpreter 1.17, <c>CLR_RT_HeapBlock</c> and <c>CLR_RT_HeapBlock_Array</c>; compared with the free heap that the interpreter reports.</remarks>
public static class HeapSizes
{
    /// <summary>Size of the heap's unit.</summary>
    public const int Unit = 12;

    /// <summary>Bytes of an array before its first element.</summary>
    public const int ArrayHeader = 20;

    /// <summary>Longest array of bytes: a block has at most 65,535 units.</summary>
    public const int LargestArrayBytes = (65_535 * Unit) - ArrayHeader;

    /// <summary>Bytes of an array of bytes.</summary>
    public static long OfArray(long bytes) => (bytes + ArrayHeader + Unit - 1) / Unit * Unit;

    /// <summary>Bytes of a new object of a type of the metered assemblies. Fields of classes of the class library are not known and not counted.</summary>
    internal static int OfObject(TypeReference type)
    {
        int fields = 0;
        for (TypeDefinition? definition = type.Resolve(); definition is not null; definition = definition.BaseType?.Resolve())
            fields += definition.Fields.Count(field => !field.IsStatic);
        return Unit * (1 + fields);
    }

    /// <summary>Bytes of an array's element: a number takes its own size, everything else a unit.</summary>
    internal static int OfElement(TypeReference type) => type.MetadataType switch
    {
        MetadataType.Boolean or MetadataType.SByte or MetadataType.Byte => 1,
        MetadataType.Char or MetadataType.Int16 or MetadataType.UInt16 => 2,
        MetadataType.Int32 or MetadataType.UInt32 or MetadataType.Single => 4,
        MetadataType.Int64 or MetadataType.UInt64 or MetadataType.Double => 8,
        MetadataType.ValueType when type.Resolve() is { IsEnum: true } definition => OfElement(definition.Fields.First(field => !field.IsStatic).FieldType),
        _ => Unit,
    };
}
