namespace System.Reflection;

public abstract class Binder
{
    protected Binder() => throw null;
}

public abstract class ConstructorInfo : MethodBase
{
    protected ConstructorInfo() => throw null;
    public override MemberTypes MemberType => throw null;
    public object Invoke(object[] parameters) => throw null;
    public override object[] GetCustomAttributes(bool inherit) => throw null;
}

[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Interface)]
public sealed class DefaultMemberAttribute : Attribute
{
    public DefaultMemberAttribute(string memberName) => throw null;
    public string MemberName => throw null;
}

public abstract class FieldInfo : MemberInfo
{
    protected FieldInfo() => throw null;
    public override MemberTypes MemberType => throw null;
    public abstract Type FieldType { get; }
    public abstract object GetValue(object obj);
    public virtual void SetValue(object obj, object value) => throw null;
    public override object[] GetCustomAttributes(bool inherit) => throw null;
}

public interface IReflect
{
    MethodInfo GetMethod(string name, BindingFlags bindingAttr);
    FieldInfo GetField(string name, BindingFlags bindingAttr);
}

public abstract class MemberInfo
{
    protected MemberInfo() => throw null;
    public abstract MemberTypes MemberType { get; }
    public abstract string Name { get; }
    public abstract Type DeclaringType { get; }
    public abstract object[] GetCustomAttributes(bool inherit);
}

public abstract class MethodBase : MemberInfo
{
    protected MethodBase() => throw null;
    public bool IsPublic => throw null;
    public bool IsStatic => throw null;
    public bool IsFinal => throw null;
    public bool IsVirtual => throw null;
    public bool IsAbstract => throw null;
    public override string Name => throw null;
    public override Type DeclaringType => throw null;
    public abstract ParameterInfo[] GetParameters();
    public object Invoke(object obj, object[] parameters) => throw null;
}

public abstract class MethodInfo : MethodBase
{
    protected MethodInfo() => throw null;
    public override MemberTypes MemberType => throw null;
    public abstract Type ReturnType { get; }
}

public abstract class ParameterInfo
{
    protected ParameterInfo() => throw null;
    public virtual Type ParameterType => throw null;
}

public abstract class PropertyInfo : MemberInfo
{
    protected PropertyInfo() => throw null;
    public abstract Type PropertyType { get; }
    public virtual object GetValue(object obj, object[] index) => throw null;
    public virtual void SetValue(object obj, object value, object[] index) => throw null;
}
