using System.Reflection;
using System.Runtime.Loader;
using EdgeMl.Mcu.Metering.Instrumentation;
using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

namespace EdgeMl.Mcu.Metering.Tests;

/// <summary>Another way of counting: a call before every single instruction, which knows nothing of segments.</summary>
public sealed class TickingProgram
{
    [ThreadStatic]
    private static long _ticks;

    private readonly Assembly _assembly;

    /// <summary>Loads an assembly that needs no other.</summary>
    public TickingProgram(byte[] image)
    {
        using ModuleDefinition module = ModuleDefinition.ReadModule(new MemoryStream(image));
        HostTypes.Retarget(module);
        MethodReference tick = module.ImportReference(((Action)Tick).Method);
        foreach (Mono.Cecil.Cil.MethodBody body in module.GetTypes().SelectMany(type => type.Methods).Where(method => method.HasBody).Select(method => method.Body))
            Instrument(body, tick);
        var ticking = new MemoryStream();
        module.Write(ticking);
        ticking.Position = 0;
        _assembly = new AssemblyLoadContext("ticking", isCollectible: true).LoadFromStream(ticking);
    }

    /// <summary>Called before each instruction.</summary>
    public static void Tick() => _ticks++;

    /// <summary>Calls <c>P.Run</c>, and gives its result and the executed instructions, those of static constructors apart.</summary>
    public (int Result, long Instructions) Run(int argument)
    {
        Type type = _assembly.GetType("P")!;
        System.Runtime.CompilerServices.RuntimeHelpers.RunClassConstructor(type.TypeHandle);
        var run = type.GetMethod("Run")!.CreateDelegate<Func<int, int>>();
        _ticks = 0;
        return (run(argument), _ticks);
    }

    private static void Instrument(Mono.Cecil.Cil.MethodBody body, MethodReference tick)
    {
        body.SimplifyMacros();
        Instruction[] instructions = [.. body.Instructions];
        Dictionary<Instruction, Instruction> ticks = instructions.ToDictionary(instruction => instruction, _ => Instruction.Create(OpCodes.Call, tick));
        body.Instructions.Clear();
        foreach (Instruction instruction in instructions)
        {
            instruction.Operand = instruction.Operand switch
            {
                Instruction target => ticks[target],
                Instruction[] targets => Array.ConvertAll(targets, target => ticks[target]),
                _ => instruction.Operand,
            };
            body.Instructions.Add(ticks[instruction]);
            body.Instructions.Add(instruction);
        }
        foreach (ExceptionHandler handler in body.ExceptionHandlers)
        {
            handler.TryStart = ticks[handler.TryStart];
            handler.TryEnd = ticks[handler.TryEnd];
            handler.HandlerStart = ticks[handler.HandlerStart];
            handler.HandlerEnd = handler.HandlerEnd is null ? null : ticks[handler.HandlerEnd];
            handler.FilterStart = handler.FilterStart is null ? null : ticks[handler.FilterStart];
        }
    }
}
