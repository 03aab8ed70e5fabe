namespace System.Reflection;

[AttributeUsage(AttributeTargets.Assembly)]
public sealed class AssemblyCompanyAttribute : Attribute
{
    public AssemblyCompanyAttribute(string company) => throw null;
    public string Company => throw null;
}

[AttributeUsage(AttributeTargets.Assembly)]
public sealed class AssemblyConfigurationAttribute : Attribute
{
    public AssemblyConfigurationAttribute(string configuration) => throw null;
    public string Configuration => throw null;
}

[AttributeUsage(AttributeTargets.Assembly)]
public sealed class AssemblyCopyrightAttribute : Attribute
{
    public AssemblyCopyrightAttribute(string copyright) => throw null;
    public string Copyright => throw null;
}

[AttributeUsage(AttributeTargets.Assembly)]
public sealed class AssemblyCultureAttribute : Attribute
{
    public AssemblyCultureAttribute(string culture) => throw null;
    public string Culture => throw null;
}

[AttributeUsage(AttributeTargets.Assembly)]
public sealed class AssemblyDescriptionAttribute : Attribute
{
    public AssemblyDescriptionAttribute(string description) => throw null;
    public string Description => throw null;
}

[AttributeUsage(AttributeTargets.Assembly)]
public sealed class AssemblyFileVersionAttribute : Attribute
{
    public AssemblyFileVersionAttribute(string version) => throw null;
    public string Version => throw null;
}

[AttributeUsage(AttributeTargets.Assembly)]
public sealed class AssemblyInformationalVersionAttribute : Attribute
{
    public AssemblyInformationalVersionAttribute(string informationalVersion) => throw null;
    public string InformationalVersion => throw null;
}

[AttributeUsage(AttributeTargets.Assembly | AttributeTargets.Class, Inherited = false)]
public sealed class AssemblyNativeVersionAttribute : Attribute
{
    public AssemblyNativeVersionAttribute(string version) => throw null;
    public string NativeVersion => throw null;
}

[AttributeUsage(AttributeTargets.Assembly)]
public sealed class AssemblyProductAttribute : Attribute
{
    public AssemblyProductAttribute(string product) => throw null;
    public string Product => throw null;
}

[AttributeUsage(AttributeTargets.Assembly)]
public sealed class AssemblyTitleAttribute : Attribute
{
    public AssemblyTitleAttribute(string title) => throw null;
    public string Title => throw null;
}

[AttributeUsage(AttributeTargets.Assembly)]
public sealed class AssemblyTrademarkAttribute : Attribute
{
    public AssemblyTrademarkAttribute(string trademark) => throw null;
    public string Trademark => throw null;
}

[AttributeUsage(AttributeTargets.Assembly)]
public sealed class AssemblyVersionAttribute : Attribute
{
    public AssemblyVersionAttribute(string version) => throw null;
    public string Version => throw null;
}
