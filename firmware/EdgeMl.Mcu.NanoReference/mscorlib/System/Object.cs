namespace System;

public abstract class Enum : ValueType
{
    protected Enum() => throw null;
    public bool HasFlag(Enum flag) => throw null;
    public override string ToString() => throw null;
}

public class EventArgs
{
    public static readonly EventArgs Empty;

    public EventArgs() => throw null;
}

public abstract class MarshalByRefObject
{
    protected MarshalByRefObject() => throw null;
}

public class Object
{
    public Object() => throw null;
    public virtual string ToString() => throw null;
    public virtual bool Equals(object obj) => throw null;
    public static bool Equals(object objA, object objB) => throw null;
    public static bool ReferenceEquals(object objA, object objB) => throw null;
    public virtual int GetHashCode() => throw null;
    public Type GetType() => throw null;
    protected object MemberwiseClone() => throw null;
}

public abstract class ValueType
{
    protected ValueType() => throw null;
    public override bool Equals(object obj) => throw null;
}
