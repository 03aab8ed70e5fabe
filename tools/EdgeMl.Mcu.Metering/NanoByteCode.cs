using Mono.Cecil;
using Mono.Cecil.Cil;

namespace EdgeMl.Mcu.Metering;

/// <summary>
/// The size that IL has in a nanoFramework PE file: tokens and branch operands take two bytes instead of four, a switch counts its
/// targets in one byte, and each exception handler takes twelve bytes after the code.
/// </summary>
public static class NanoByteCode
{
    /// <summary>Most bytes of bytecode in one PE file.</summary>
    public const int AssemblyLimit = ushort.MaxValue;

    /// <summary>Most targets of one switch instruction.</summary>
    public const int SwitchLimit = byte.MaxValue;

    private const int HandlerBytes = 12;

    /// <summary>Bytes of bytecode that an assembly takes.</summary>
    public static int SizeOf(ModuleDefinition module) =>
        module.GetTypes().SelectMany(type => type.Methods).Where(method => method.HasBody).Sum(method => SizeOf(method.Body));

    /// <summary>Bytes of bytecode that an assembly takes.</summary>
    /// <param name="image">A .NET assembly compiled for the nano subset.</param>
    public static int SizeOf(byte[] image)
    {
        using ModuleDefinition module = ModuleDefinition.ReadModule(new MemoryStream(image));
        return SizeOf(module);
    }

    /// <summary>Bytes that a method body takes, its exception table included.</summary>
    public static int SizeOf(MethodBody body)
    {
        int size = body.Instructions.Sum(SizeOf);
        return body.HasExceptionHandlers ? size + (HandlerBytes * body.ExceptionHandlers.Count) + 1 : size;
    }

    /// <summary>Offset of each instruction in the PE file, from the start of its method.</summary>
    public static Dictionary<Instruction, int> OffsetsOf(MethodBody body)
    {
        var offsets = new Dictionary<Instruction, int>();
        int offset = 0;
        foreach (Instruction instruction in body.Instructions)
        {
            offsets.Add(instruction, offset);
            offset += SizeOf(instruction);
        }

        return offsets;
    }

    /// <summary>Bytes of one instruction with its operand.</summary>
    public static int SizeOf(Instruction instruction) => instruction.OpCode.OperandType switch
    {
        OperandType.InlineSwitch => instruction.OpCode.Size + 1 + (2 * ((Instruction[])instruction.Operand).Length),
        OperandType.InlineString or OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineBrTarget
            => instruction.OpCode.Size + 2,
        _ => instruction.GetSize(),
    };
}
