using Mono.Cecil.Cil;

namespace EdgeMl.Mcu.Metering.Instrumentation;

/// <summary>What the meter needs to know of each opcode.</summary>
internal static class Opcodes
{
    /// <summary>The class of an opcode.</summary>
    public static OpcodeClass ClassOf(Code code) => code switch
    {
        Code.Ldsfld or Code.Stsfld or Code.Ldsflda or Code.Ldfld or Code.Stfld or Code.Ldflda => OpcodeClass.Field,
        >= Code.Ldarg_0 and <= Code.Stloc_S or >= Code.Ldarg and <= Code.Stloc => OpcodeClass.Local,
        >= Code.Ldnull and <= Code.Ldc_R8 or Code.Ldstr or Code.Ldtoken or Code.Ldftn or Code.Ldvirtftn or Code.Sizeof => OpcodeClass.Constant,
        Code.Call or Code.Callvirt or Code.Calli or Code.Jmp or Code.Ret => OpcodeClass.Call,
        >= Code.Br_S and <= Code.Switch => OpcodeClass.Branch,
        >= Code.Ldind_I1 and <= Code.Stind_R8 or Code.Stind_I or Code.Cpobj or Code.Ldobj or Code.Stobj or Code.Initobj or Code.Cpblk or Code.Initblk => OpcodeClass.Indirect,
        >= Code.Add and <= Code.Not or >= Code.Add_Ovf and <= Code.Sub_Ovf_Un => OpcodeClass.Arithmetic,
        >= Code.Ceq and <= Code.Clt_Un => OpcodeClass.Comparison,
        >= Code.Conv_I1 and <= Code.Conv_U8 or Code.Conv_R_Un or >= Code.Conv_Ovf_I1_Un and <= Code.Conv_Ovf_U_Un
            or >= Code.Conv_Ovf_I1 and <= Code.Conv_Ovf_U8 or >= Code.Conv_U2 and <= Code.Conv_Ovf_U or Code.Conv_U => OpcodeClass.Conversion,
        Code.Newobj or Code.Newarr or Code.Box or Code.Localloc => OpcodeClass.Allocation,
        Code.Castclass or Code.Isinst or Code.Unbox or Code.Unbox_Any => OpcodeClass.Cast,
        >= Code.Ldlen and <= Code.Stelem_Any => OpcodeClass.Array,
        Code.Throw or Code.Rethrow or Code.Leave or Code.Leave_S or Code.Endfinally or Code.Endfilter => OpcodeClass.Exception,
        _ => OpcodeClass.Stack,
    };

    /// <summary>
    /// Whether control may go elsewhere than to the next instruction, by a branch or by an exception. Dereferencing a managed reference cannot fail,
    /// and neither can a field of <c>this</c>.
    /// </summary>
    public static bool EndsSegment(Instruction instruction) => instruction.OpCode.FlowControl switch
    {
        FlowControl.Branch or FlowControl.Cond_Branch or FlowControl.Return or FlowControl.Throw or FlowControl.Call => true,
        _ => instruction.OpCode.Code switch
        {
            Code.Ldfld or Code.Stfld or Code.Ldflda => true,
            Code.Div or Code.Div_Un or Code.Rem or Code.Rem_Un or Code.Newarr or Code.Ldvirtftn => true,
            Code code => ClassOf(code) is OpcodeClass.Array or OpcodeClass.Cast,
        },
    };

    /// <summary>The opcode that never throws, for one of checked arithmetic: the device's interpreter does not check. Other opcodes stay.</summary>
    public static OpCode Unchecked(OpCode opcode) => opcode.Code switch
    {
        Code.Add_Ovf or Code.Add_Ovf_Un => OpCodes.Add,
        Code.Sub_Ovf or Code.Sub_Ovf_Un => OpCodes.Sub,
        Code.Mul_Ovf or Code.Mul_Ovf_Un => OpCodes.Mul,
        Code.Conv_Ovf_I1 or Code.Conv_Ovf_I1_Un => OpCodes.Conv_I1,
        Code.Conv_Ovf_I2 or Code.Conv_Ovf_I2_Un => OpCodes.Conv_I2,
        Code.Conv_Ovf_I4 or Code.Conv_Ovf_I4_Un => OpCodes.Conv_I4,
        Code.Conv_Ovf_I8 or Code.Conv_Ovf_I8_Un => OpCodes.Conv_I8,
        Code.Conv_Ovf_U1 or Code.Conv_Ovf_U1_Un => OpCodes.Conv_U1,
        Code.Conv_Ovf_U2 or Code.Conv_Ovf_U2_Un => OpCodes.Conv_U2,
        Code.Conv_Ovf_U4 or Code.Conv_Ovf_U4_Un => OpCodes.Conv_U4,
        Code.Conv_Ovf_U8 or Code.Conv_Ovf_U8_Un => OpCodes.Conv_U8,
        Code.Conv_Ovf_I or Code.Conv_Ovf_I_Un => OpCodes.Conv_I,
        Code.Conv_Ovf_U or Code.Conv_Ovf_U_Un => OpCodes.Conv_U,
        _ => opcode,
    };
}
