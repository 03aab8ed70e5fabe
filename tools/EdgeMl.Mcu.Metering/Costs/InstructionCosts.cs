using Mono.Cecil;
using Mono.Cecil.Cil;

namespace EdgeMl.Mcu.Metering.Costs;

/// <summary>
/// How long instructions take on the device's interpreter, in plain instructions: 1 is what a load of a local, an addition or a branch takes.
/// </summary>
/// <remarks>
/// Source: times of small loops on nanoFramework's own interpreter (nf-interpreter 1.17, -O3), minus the empty loop's 17 ns, divided by
/// the 2.43 ns of each of its seven instructions: static call with its return 23 ns, virtual or interface call 64, delegate 35, read-modify-write of a static
/// field 16, add, multiply or shift with three moves 8, array load with three moves 10, <c>new int[16]</c> 28, try/finally 39; instance fields from
/// the same multiply-accumulate loop with and without them, 48 ns for five. Ratios carry over to a device, nanoseconds do not.
/// Objects, boxes, casts and throws are estimated.
/// </remarks>
public static class InstructionCosts
{
    /// <summary>A call of managed code that is not virtual.</summary>
    public const double Call = 8;

    /// <summary>A call that looks its method up in the object's class.</summary>
    public const double VirtualCall = 24;

    /// <summary>A call through a delegate.</summary>
    public const double DelegateCall = 12;

    /// <summary>The way back from a call.</summary>
    public const double Return = 1.5;

    /// <summary>A load or store of an instance field.</summary>
    public const double InstanceField = 3;

    /// <summary>A load or store of a static field.</summary>
    public const double StaticField = 2.3;

    /// <summary>A load or store of an array's element.</summary>
    public const double ArrayElement = 1.2;

    /// <summary>A new array; its length matters little below a few hundred elements.</summary>
    public const double NewArray = 9.5;

    /// <summary>A new object, the call of its constructor included.</summary>
    public const double NewObject = 18;

    /// <summary>A value put into an object.</summary>
    public const double Box = 10;

    /// <summary>A type check.</summary>
    public const double Cast = 3;

    /// <summary>A throw, with the search for its handler.</summary>
    public const double Throw = 200;

    /// <summary>The end of a protected region.</summary>
    public const double LeaveRegion = 6.5;

    /// <summary>Every other instruction.</summary>
    public const double Plain = 1;

    /// <summary>Plain instructions that an instruction takes the time of; calls of the class library are those of <see cref="LibraryCosts"/>.</summary>
    public static double Of(Instruction instruction) => instruction.OpCode.Code switch
    {
        Code.Call or Code.Callvirt when LibraryCosts.Find((MethodReference)instruction.Operand, out _) is { } library => library.Cost,
        Code.Call => Call,
        Code.Callvirt => OfVirtualCall((MethodReference)instruction.Operand),
        Code.Calli => DelegateCall,
        Code.Ret => Return,
        Code.Ldfld or Code.Stfld or Code.Ldflda => InstanceField,
        Code.Ldsfld or Code.Stsfld or Code.Ldsflda => StaticField,
        Code.Ldlen => Plain,
        >= Code.Ldelema and <= Code.Stelem_Any => ArrayElement,
        Code.Newarr => NewArray,
        Code.Newobj => NewObject,
        Code.Box => Box,
        Code.Castclass or Code.Isinst or Code.Unbox or Code.Unbox_Any => Cast,
        Code.Throw or Code.Rethrow => Throw,
        Code.Leave or Code.Leave_S or Code.Endfinally => LeaveRegion,
        _ => Plain,
    };

    private static double OfVirtualCall(MethodReference method)
    {
        MethodDefinition? definition = method.Resolve();
        if (definition is { IsVirtual: false })
            return Call;
        return definition is { Name: "Invoke", DeclaringType.BaseType.FullName: "System.MulticastDelegate" } ? DelegateCall : VirtualCall;
    }
}
