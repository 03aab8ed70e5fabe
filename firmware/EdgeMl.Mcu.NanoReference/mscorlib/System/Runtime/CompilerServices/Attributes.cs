namespace System.Runtime.CompilerServices;

[AttributeUsage(AttributeTargets.Parameter, AllowMultiple = false, Inherited = false)]
public sealed class CallerArgumentExpressionAttribute : Attribute
{
    public CallerArgumentExpressionAttribute(string parameterName) => throw null;
    public string ParameterName => throw null;
}

[AttributeUsage(AttributeTargets.Parameter, Inherited = false)]
public sealed class CallerMemberNameAttribute : Attribute
{
    public CallerMemberNameAttribute() => throw null;
}

[AttributeUsage(AttributeTargets.Assembly | AttributeTargets.Class | AttributeTargets.Method)]
public sealed class ExtensionAttribute : Attribute
{
    public ExtensionAttribute() => throw null;
}

[AttributeUsage(AttributeTargets.Property)]
public sealed class IndexerNameAttribute : Attribute
{
    public IndexerNameAttribute(string indexerName) => throw null;
}

[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
public sealed class InternalsVisibleToAttribute : Attribute
{
    public InternalsVisibleToAttribute(string assemblyName) => throw null;
    public string AssemblyName => throw null;
}

public enum MethodCodeType
{
    IL = 0,
    Native = 1,
    OPTIL = 2,
    Runtime = 3,
}

[AttributeUsage(AttributeTargets.Constructor | AttributeTargets.Method, Inherited = false)]
public sealed class MethodImplAttribute : Attribute
{
    public MethodCodeType MethodCodeType;

    public MethodImplAttribute(MethodImplOptions methodImplOptions) => throw null;
    public MethodImplAttribute(short _value) => throw null;
    public MethodImplAttribute() => throw null;
    public MethodImplOptions Value => throw null;
}

public enum MethodImplOptions
{
    Unmanaged = 4,
    ForwardRef = 16,
    PreserveSig = 128,
    InternalCall = 4096,
    Synchronized = 32,
    NoInlining = 8,
}
