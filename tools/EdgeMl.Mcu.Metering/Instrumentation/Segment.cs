using EdgeMl.Mcu.Metering.Costs;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace EdgeMl.Mcu.Metering.Instrumentation;

/// <summary>
/// Instructions that execute together: entered only at the first, and left only after the last, be it by a branch or by an exception. What one
/// execution of it counts for.
/// </summary>
internal sealed class Segment(int method)
{
    private readonly int[] _byClass = new int[Enum.GetValues<OpcodeClass>().Length];

    /// <summary>Index of the method in the program.</summary>
    public int Method { get; } = method;

    /// <summary>Whether it is the first of its method.</summary>
    public bool IsEntry { get; init; }

    /// <summary>Executed instructions, those inside known methods of the class library included.</summary>
    public int Instructions { get; private set; }

    /// <summary>Time in plain instructions.</summary>
    public double Cost { get; private set; }

    /// <summary>Calls of methods of the class library whose instructions are not known.</summary>
    public int UnknownCalls { get; private set; }

    /// <summary>Bytes of objects and boxes that one execution allocates; arrays apart, whose length is not known before.</summary>
    public int AllocatedBytes { get; private set; }

    /// <summary>Executed instructions by <see cref="OpcodeClass"/>.</summary>
    public ReadOnlySpan<int> ByClass => _byClass;

    /// <summary>No instructions, but a byte in an array: such a segment's counter is increased by the size of each array.</summary>
    public static Segment ArrayByte(int method) => new(method) { AllocatedBytes = 1 };

    /// <summary>Adds an instruction.</summary>
    public void Add(Instruction instruction)
    {
        Instructions++;
        _byClass[(int)Opcodes.ClassOf(instruction.OpCode.Code)]++;
        Cost += InstructionCosts.Of(instruction);
        if (instruction.OpCode.Code is Code.Newobj && ((MethodReference)instruction.Operand).DeclaringType is { IsValueType: false } created)
            AllocatedBytes += HeapSizes.OfObject(created);
        else if (instruction.OpCode.Code is Code.Box)
            AllocatedBytes += 2 * HeapSizes.Unit;
        if (instruction.OpCode.Code is not (Code.Call or Code.Callvirt or Code.Newobj))
            return;
        if (LibraryCosts.Find((MethodReference)instruction.Operand, out bool isKnown) is { } library)
        {
            Instructions += library.Instructions;
            _byClass[(int)OpcodeClass.Library] += library.Instructions;
        }
        if (!isKnown)
            UnknownCalls++;
    }
}
