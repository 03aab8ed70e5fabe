namespace System.Reflection;

[Flags]
public enum BindingFlags
{
    Default = 0x0,
    IgnoreCase = 0x1,
    DeclaredOnly = 0x2,
    Instance = 0x4,
    Static = 0x8,
    Public = 0x10,
    NonPublic = 0x20,
    FlattenHierarchy = 0x40,
    InvokeMethod = 0x100,
    CreateInstance = 0x200,
    GetField = 0x400,
    SetField = 0x800,
    GetProperty = 0x1000,
    SetProperty = 0x2000,
    PutDispProperty = 0x4000,
    PutRefDispProperty = 0x8000,
    ExactBinding = 0x10000,
    SuppressChangeType = 0x20000,
    OptionalParamBinding = 0x40000,
    IgnoreReturn = 0x1000000,
}

public enum MemberTypes
{
    Constructor = 1,
    Event = 2,
    Field = 4,
    Method = 8,
    Property = 16,
    TypeInfo = 32,
    Custom = 64,
    NestedType = 128,
    All = 191,
}

public enum MethodImplAttributes
{
    CodeTypeMask = 3,
    IL = 0,
    Native = 1,
    OPTIL = 2,
    Runtime = 3,
    ManagedMask = 4,
    Unmanaged = 4,
    Managed = 0,
    ForwardRef = 16,
    PreserveSig = 128,
    InternalCall = 4096,
    Synchronized = 32,
    NoInlining = 8,
    MaxMethodImplVal = 65535,
}
