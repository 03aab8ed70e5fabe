using System.Reflection;

namespace System;

public delegate void Action();

public delegate void AsyncCallback(IAsyncResult ar);

public abstract class Delegate
{
    protected Delegate() => throw null;
    public MethodInfo Method => throw null;
    public object Target => throw null;
    public override bool Equals(object obj) => throw null;
    public static Delegate Combine(Delegate a, Delegate b) => throw null;
    public virtual Delegate[] GetInvocationList() => throw null;
    public static Delegate Remove(Delegate source, Delegate value) => throw null;
    public static bool operator ==(Delegate d1, Delegate d2) => throw null;
    public static bool operator !=(Delegate d1, Delegate d2) => throw null;
}

public delegate void EventHandler(object sender, EventArgs e);

public interface IAsyncResult
{
}

public abstract class MulticastDelegate : Delegate
{
    protected MulticastDelegate() => throw null;
    public static bool operator ==(MulticastDelegate d1, MulticastDelegate d2) => throw null;
    public static bool operator !=(MulticastDelegate d1, MulticastDelegate d2) => throw null;
    public override bool Equals(object obj) => throw null;
}
