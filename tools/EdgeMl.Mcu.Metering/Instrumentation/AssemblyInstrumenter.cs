using Mono.Cecil;
using Mono.Cecil.Cil;

namespace EdgeMl.Mcu.Metering.Instrumentation;

/// <summary>Instruments the assemblies of one program.</summary>
internal sealed class AssemblyInstrumenter
{
    /// <summary>Full name of the class in each instrumented assembly that knows the counters.</summary>
    public const string HolderType = "<Metering>";

    /// <summary>Name of its static field that holds the address of the first counter.</summary>
    public const string AddressField = "Address";

    /// <summary>Name of its static field that holds the counters' owner.</summary>
    public const string OwnerField = "Owner";

    /// <summary>All segments so far; a segment's index is its counter's.</summary>
    public List<Segment> Segments { get; } = [];

    /// <summary>Full names of all methods so far, <c>Namespace.Type::Method(ParameterTypes)</c>.</summary>
    public List<string> Methods { get; } = [];

    /// <summary>The instrumented image of an assembly.</summary>
    /// <param name="module">The assembly, which is changed.</param>
    /// <exception cref="MeteringException">It uses what the host does not have.</exception>
    public byte[] Instrument(ModuleDefinition module)
    {
        HostTypes.Retarget(module);
        var instrumenter = new MethodInstrumenter(AddHolder(module), Segments);
        foreach (MethodDefinition method in module.GetTypes().SelectMany(type => type.Methods).ToArray())
        {
            if (method.IsInternalCall)
                ThrowNotSupported(method);
            else if (method.HasBody)
                Instrument(instrumenter, method);
        }
        module.Attributes |= ModuleAttributes.ILOnly;
        using var image = new MemoryStream();
        module.Write(image);
        using ModuleDefinition written = ModuleDefinition.ReadModule(new MemoryStream(image.ToArray()));
        HostTypes.RequireKnown(written);
        return image.ToArray();
    }

    private void Instrument(MethodInstrumenter instrumenter, MethodDefinition method)
    {
        instrumenter.Instrument(method.Body, Methods.Count);
        Methods.Add(Costs.LibraryCosts.NameOf(method));
    }

    private static FieldDefinition AddHolder(ModuleDefinition module)
    {
        var holder = new TypeDefinition("", HolderType, TypeAttributes.Public | TypeAttributes.Abstract | TypeAttributes.Sealed, module.TypeSystem.Object);
        var address = new FieldDefinition(AddressField, FieldAttributes.Public | FieldAttributes.Static, module.TypeSystem.IntPtr);
        holder.Fields.Add(address);
        holder.Fields.Add(new FieldDefinition(OwnerField, FieldAttributes.Public | FieldAttributes.Static, module.TypeSystem.Object));
        module.Types.Add(holder);
        return address;
    }

    /// <summary>What the device does where the firmware lacks a native method; no instruction is executed for it.</summary>
    private static void ThrowNotSupported(MethodDefinition method)
    {
        ModuleDefinition module = method.Module;
        method.ImplAttributes &= ~(MethodImplAttributes.InternalCall | MethodImplAttributes.Runtime);
        method.Body = new MethodBody(method);
        method.Body.Instructions.Add(Instruction.Create(OpCodes.Newobj, module.ImportReference(typeof(NotSupportedException).GetConstructor(Type.EmptyTypes))));
        method.Body.Instructions.Add(Instruction.Create(OpCodes.Throw));
    }
}
