using EdgeMl.Mcu.Metering.Costs;
using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

namespace EdgeMl.Mcu.Metering.Instrumentation;

/// <summary>Cuts methods into segments and has each segment count its executions.</summary>
/// <param name="countersField">A static <c>native int</c>: address of one 64-bit counter for each segment.</param>
/// <param name="segments">Takes the segments; a segment's index is its counter's.</param>
internal sealed class MethodInstrumenter(FieldReference countersField, List<Segment> segments)
{
    /// <summary>Instruments a method in place.</summary>
    /// <param name="body">The method.</param>
    /// <param name="method">Its index in the program.</param>
    public void Instrument(MethodBody body, int method)
    {
        body.SimplifyMacros();
        HashSet<Instruction> leaders = FindLeaders(body);
        var counters = new VariableDefinition(countersField.FieldType);
        var bytes = new VariableDefinition(body.Method.Module.TypeSystem.Int64);
        body.Variables.Add(counters);
        body.Variables.Add(bytes);
        var code = new List<Instruction>(body.Instructions.Count * 2) { Instruction.Create(OpCodes.Ldsfld, countersField), Instruction.Create(OpCodes.Stloc, counters) };
        var countedBy = new Dictionary<Instruction, Instruction>(leaders.Count);
        Segment? segment = null;
        int? arrays = null;
        foreach (Instruction instruction in body.Instructions)
        {
            if (segment is null || leaders.Contains(instruction))
            {
                segment = new Segment(method) { IsEntry = segment is null };
                countedBy.Add(instruction, Instruction.Create(OpCodes.Ldloc, counters));
                AddIncrement(code, countedBy[instruction], segments.Count, Instruction.Create(OpCodes.Ldc_I4_1), Instruction.Create(OpCodes.Conv_I8));
                segments.Add(segment);
            }
            segment.Add(instruction);
            if (instruction.OpCode.Code is Code.Newarr)
                AddArraySize(code, counters, bytes, arrays ??= AddArrayCounter(method), HeapSizes.OfElement((TypeReference)instruction.Operand));
            instruction.OpCode = Opcodes.Unchecked(instruction.OpCode);
            code.Add(instruction);
        }
        Redirect(body, countedBy);
        body.Instructions.Clear();
        foreach (Instruction instruction in code)
            body.Instructions.Add(instruction);
    }

    private static HashSet<Instruction> FindLeaders(MethodBody body)
    {
        var leaders = new HashSet<Instruction>();
        foreach (Instruction instruction in body.Instructions)
        {
            if (instruction.Operand is Instruction target)
                leaders.Add(target);
            else if (instruction.Operand is Instruction[] targets)
                leaders.UnionWith(targets);
        }
        foreach (ExceptionHandler handler in body.ExceptionHandlers)
            leaders.UnionWith(new[] { handler.TryStart, handler.TryEnd, handler.HandlerStart, handler.HandlerEnd, handler.FilterStart }.OfType<Instruction>());
        leaders.UnionWith(body.Instructions.Where(instruction => instruction.Next is not null && Opcodes.EndsSegment(instruction) && !IsFieldOfThis(instruction)).Select(instruction => instruction.Next).ToArray());
        return leaders;

        bool IsFieldOfThis(Instruction instruction) =>
            body.Method.HasThis && instruction.OpCode.Code is Code.Ldfld or Code.Ldflda && !leaders.Contains(instruction)
            && instruction.Previous is { OpCode.Code: Code.Ldarg } load && load.Operand == body.ThisParameter;
    }

    private int AddArrayCounter(int method)
    {
        segments.Add(Segment.ArrayByte(method));
        return segments.Count - 1;
    }

    /// <summary>Adds the heap bytes of the array whose length is on the stack to a counter: whole units of header and elements.</summary>
    private static void AddArraySize(List<Instruction> code, VariableDefinition counters, VariableDefinition bytes, int index, int elementBytes)
    {
        code.Add(Instruction.Create(OpCodes.Dup));
        code.Add(Instruction.Create(OpCodes.Conv_I8));
        AddOperation(code, OpCodes.Mul, elementBytes);
        AddOperation(code, OpCodes.Add, HeapSizes.ArrayHeader + HeapSizes.Unit - 1);
        AddOperation(code, OpCodes.Div, HeapSizes.Unit);
        AddOperation(code, OpCodes.Mul, HeapSizes.Unit);
        code.Add(Instruction.Create(OpCodes.Stloc, bytes));
        AddIncrement(code, Instruction.Create(OpCodes.Ldloc, counters), index, Instruction.Create(OpCodes.Ldloc, bytes));
    }

    private static void AddOperation(List<Instruction> code, OpCode operation, long operand)
    {
        code.Add(Instruction.Create(OpCodes.Ldc_I8, operand));
        code.Add(Instruction.Create(operation));
    }

    /// <summary>Increases a counter.</summary>
    /// <param name="code">Takes the instructions.</param>
    /// <param name="first">The first of them, which loads the counters' address.</param>
    /// <param name="index">The counter.</param>
    /// <param name="amount">Load the 64-bit amount.</param>
    private static void AddIncrement(List<Instruction> code, Instruction first, int index, params ReadOnlySpan<Instruction> amount)
    {
        code.Add(first);
        code.Add(Instruction.Create(OpCodes.Ldc_I4, checked(index * sizeof(long))));
        code.Add(Instruction.Create(OpCodes.Add));
        code.Add(Instruction.Create(OpCodes.Dup));
        code.Add(Instruction.Create(OpCodes.Ldind_I8));
        code.AddRange(amount);
        code.Add(Instruction.Create(OpCodes.Add));
        code.Add(Instruction.Create(OpCodes.Stind_I8));
    }

    /// <summary>Makes everything that pointed to a segment's first instruction point to its counting.</summary>
    private static void Redirect(MethodBody body, Dictionary<Instruction, Instruction> countedBy)
    {
        foreach (Instruction instruction in body.Instructions)
        {
            if (instruction.Operand is Instruction target)
                instruction.Operand = countedBy[target];
            else if (instruction.Operand is Instruction[] targets)
                instruction.Operand = Array.ConvertAll(targets, each => countedBy[each]);
        }
        foreach (ExceptionHandler handler in body.ExceptionHandlers)
        {
            handler.TryStart = Find(handler.TryStart);
            handler.TryEnd = Find(handler.TryEnd);
            handler.HandlerStart = Find(handler.HandlerStart);
            handler.HandlerEnd = Find(handler.HandlerEnd);
            handler.FilterStart = Find(handler.FilterStart);
        }

        Instruction? Find(Instruction? instruction) => instruction is null ? null : countedBy[instruction];
    }
}
