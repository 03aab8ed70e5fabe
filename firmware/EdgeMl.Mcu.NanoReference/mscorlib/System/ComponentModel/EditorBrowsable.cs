namespace System.ComponentModel;

[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Enum | AttributeTargets.Constructor | AttributeTargets.Method | AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Event | AttributeTargets.Interface | AttributeTargets.Delegate)]
public sealed class EditorBrowsableAttribute : Attribute
{
    public EditorBrowsableAttribute() => throw null;
    public EditorBrowsableAttribute(EditorBrowsableState state) => throw null;
    public EditorBrowsableState State => throw null;
    public override bool Equals(object obj) => throw null;
}

public enum EditorBrowsableState
{
    Always = 0,
    Never = 1,
    Advanced = 2,
}
