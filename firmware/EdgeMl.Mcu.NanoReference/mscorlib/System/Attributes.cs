namespace System;

[AttributeUsage(AttributeTargets.All)]
public abstract class Attribute
{
    protected Attribute() => throw null;
}

[Flags]
public enum AttributeTargets
{
    Assembly = 0x1,
    Module = 0x2,
    Class = 0x4,
    Struct = 0x8,
    Enum = 0x10,
    Constructor = 0x20,
    Method = 0x40,
    Property = 0x80,
    Field = 0x100,
    Event = 0x200,
    Interface = 0x400,
    Parameter = 0x800,
    Delegate = 0x1000,
    ReturnValue = 0x2000,
    All = 0x3FFF,
}

[AttributeUsage(AttributeTargets.Class)]
public sealed class AttributeUsageAttribute : Attribute
{
    public AttributeUsageAttribute(AttributeTargets validOn) => throw null;
    public AttributeTargets ValidOn => throw null;
    public bool AllowMultiple { get => throw null; set => throw null; }
    public bool Inherited { get => throw null; set => throw null; }
}

[AttributeUsage(AttributeTargets.All)]
public sealed class CLSCompliantAttribute : Attribute
{
    public CLSCompliantAttribute(bool isCompliant) => throw null;
    public bool IsCompliant => throw null;
}

[AttributeUsage(AttributeTargets.Enum)]
public class FlagsAttribute : Attribute
{
    public FlagsAttribute() => throw null;
}

[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Enum | AttributeTargets.Constructor | AttributeTargets.Method | AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Event | AttributeTargets.Interface | AttributeTargets.Delegate, Inherited = false)]
public sealed class ObsoleteAttribute : Attribute
{
    public ObsoleteAttribute() => throw null;
    public ObsoleteAttribute(string message) => throw null;
    public ObsoleteAttribute(string message, bool error) => throw null;
    public string Message => throw null;
    public bool IsError => throw null;
}

[AttributeUsage(AttributeTargets.Parameter)]
public sealed class ParamArrayAttribute : Attribute
{
    public ParamArrayAttribute() => throw null;
}

[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Enum | AttributeTargets.Delegate, Inherited = false)]
public sealed class SerializableAttribute : Attribute
{
    public SerializableAttribute() => throw null;
}
