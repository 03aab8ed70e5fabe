namespace System.Runtime.CompilerServices;

public static class IsExternalInit
{
}

public static class RuntimeFeature
{
    public const string DefaultImplementationsOfInterfaces = "DefaultImplementationsOfInterfaces";

    public static bool IsSupported(string feature) => throw null;
}

public static class RuntimeHelpers
{
    public static int OffsetToStringData => throw null;
    public static void InitializeArray(Array array, RuntimeFieldHandle fldHandle) => throw null;
    public static object GetObjectValue(object obj) => throw null;
    public static void RunClassConstructor(RuntimeTypeHandle type) => throw null;
}
