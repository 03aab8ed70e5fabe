namespace System.Diagnostics;

[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class ConditionalAttribute : Attribute
{
    public ConditionalAttribute(string conditionString) => throw null;
    public string ConditionString => throw null;
}

[AttributeUsage(AttributeTargets.Assembly | AttributeTargets.Module)]
public sealed class DebuggableAttribute : Attribute
{
    public DebuggableAttribute(bool isJITTrackingEnabled, bool isJITOptimizerDisabled) => throw null;
    public DebuggableAttribute(DebuggableAttribute.DebuggingModes modes) => throw null;
    public bool IsJITTrackingEnabled => throw null;
    public bool IsJITOptimizerDisabled => throw null;
    public DebuggableAttribute.DebuggingModes DebuggingFlags => throw null;

    [Flags]
    public enum DebuggingModes
    {
        None = 0x0,
        Default = 0x1,
        DisableOptimizations = 0x100,
        IgnoreSymbolStoreSequencePoints = 0x2,
        EnableEditAndContinue = 0x4,
    }
}

[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class DebuggerBrowsableAttribute : Attribute
{
    public DebuggerBrowsableAttribute(DebuggerBrowsableState state) => throw null;
    public DebuggerBrowsableState State => throw null;
}

public enum DebuggerBrowsableState
{
    Never = 0,
    Collapsed = 2,
    RootHidden = 3,
}

[AttributeUsage(AttributeTargets.Assembly | AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Enum | AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Delegate, AllowMultiple = true)]
public sealed class DebuggerDisplayAttribute : Attribute
{
    public DebuggerDisplayAttribute(string value) => throw null;
    public string Value => throw null;
    public string Name { get => throw null; set => throw null; }
    public string Type { get => throw null; set => throw null; }
    public Type Target { get => throw null; set => throw null; }
    public string TargetTypeName { get => throw null; set => throw null; }
}

[AttributeUsage(AttributeTargets.Constructor | AttributeTargets.Method | AttributeTargets.Property, Inherited = false)]
public sealed class DebuggerHiddenAttribute : Attribute
{
    public DebuggerHiddenAttribute() => throw null;
}

[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Constructor | AttributeTargets.Method | AttributeTargets.Property, Inherited = false)]
public sealed class DebuggerNonUserCodeAttribute : Attribute
{
    public DebuggerNonUserCodeAttribute() => throw null;
}

[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Constructor | AttributeTargets.Method, Inherited = false)]
public sealed class DebuggerStepThroughAttribute : Attribute
{
    public DebuggerStepThroughAttribute() => throw null;
}
