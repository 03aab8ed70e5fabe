using Mono.Cecil;

namespace EdgeMl.Mcu.Metering.Costs;

/// <summary>A method of nanoFramework's class library.</summary>
/// <param name="Instructions">IL that the device executes inside the method; 0 for one in native code.</param>
/// <param name="Cost">Time of the whole call in plain instructions.</param>
public sealed record LibraryCost(int Instructions, double Cost);

/// <summary>
/// What calls of nanoFramework's mscorlib 1.17 cost: the host's own class library runs in its place and is not counted.
/// </summary>
/// <remarks>
/// Whether a method is native, and how many instructions it has otherwise, is read off the real <c>mscorlib.dll</c>; a test compares. Times have the source of
/// <see cref="InstructionCosts"/>: <c>Array.Copy</c> 102 ns (1 KiB takes 4 ns longer), <c>Array.Clear</c> 78, <c>BitConverter.ToInt32</c> 75, joining two strings 145.
/// The time of other native methods is taken to be that of <c>BitConverter.ToInt32</c>.
/// </remarks>
public static class LibraryCosts
{
    /// <summary>Time of a call of native code with few arguments.</summary>
    public const double NativeCall = 28;

    private static readonly LibraryCost Native = new(0, NativeCall);

    private static readonly Dictionary<string, LibraryCost> Methods = new(StringComparer.Ordinal)
    {
        ["System.Object::.ctor()"] = new(1, InstructionCosts.Call + InstructionCosts.Return),
        ["System.Exception::.ctor()"] = new(4, (2 * (InstructionCosts.Call + InstructionCosts.Return)) + 1),
        ["System.Exception::.ctor(System.String)"] = new(7, (2 * (InstructionCosts.Call + InstructionCosts.Return)) + InstructionCosts.InstanceField + 3),
        ["System.Array::Copy(System.Array,System.Array,System.Int32)"] = new(7, 37 + InstructionCosts.Call + InstructionCosts.Return + 5),
        ["System.Array::Copy(System.Array,System.Int32,System.Array,System.Int32,System.Int32)"] = new(0, 37),
        ["System.Array::Clear(System.Array,System.Int32,System.Int32)"] = new(0, 29),
        ["System.Array::get_Length()"] = Native,
        ["System.BitConverter::ToBoolean(System.Byte[],System.Int32)"] = Native,
        ["System.BitConverter::ToInt16(System.Byte[],System.Int32)"] = Native,
        ["System.BitConverter::ToUInt16(System.Byte[],System.Int32)"] = Native,
        ["System.BitConverter::ToInt32(System.Byte[],System.Int32)"] = Native,
        ["System.BitConverter::ToUInt32(System.Byte[],System.Int32)"] = Native,
        ["System.BitConverter::ToInt64(System.Byte[],System.Int32)"] = Native,
        ["System.BitConverter::ToUInt64(System.Byte[],System.Int32)"] = Native,
        ["System.BitConverter::ToSingle(System.Byte[],System.Int32)"] = Native,
        ["System.BitConverter::ToDouble(System.Byte[],System.Int32)"] = Native,
        ["System.BitConverter::GetBytes(System.Int16)"] = Native,
        ["System.BitConverter::GetBytes(System.Int32)"] = Native,
        ["System.BitConverter::GetBytes(System.Int64)"] = Native,
        ["System.BitConverter::GetBytes(System.Single)"] = Native,
        ["System.BitConverter::DoubleToInt64Bits(System.Double)"] = Native,
        ["System.BitConverter::Int64BitsToDouble(System.Int64)"] = Native,
        ["System.Diagnostics.Debug::WriteLine(System.String)"] = new(4, NativeCall + InstructionCosts.Call + InstructionCosts.Return + 2),
        ["System.Object::GetType()"] = Native,
        ["System.Runtime.CompilerServices.RuntimeHelpers::InitializeArray(System.Array,System.RuntimeFieldHandle)"] = Native,
        ["System.String::.ctor(System.Char[])"] = Native,
        ["System.String::.ctor(System.Char[],System.Int32,System.Int32)"] = Native,
        ["System.String::Concat(System.String,System.String)"] = new(0, 58),
        ["System.String::Concat(System.String,System.String,System.String)"] = new(0, 58),
        ["System.String::get_Length()"] = Native,
        ["System.String::get_Chars(System.Int32)"] = Native,
    };

    /// <summary>Names of the methods, as <see cref="NameOf"/> writes them.</summary>
    public static IReadOnlyDictionary<string, LibraryCost> All => Methods;

    /// <summary>Whether an assembly belongs to the class library: device code has no other than mscorlib, <c>System.*</c> and <c>nanoFramework.*</c>.</summary>
    public static bool IsLibraryName(string assembly) =>
        assembly == "mscorlib" || assembly.StartsWith("System.", StringComparison.Ordinal) || assembly.StartsWith("nanoFramework.", StringComparison.Ordinal);

    /// <summary>The cost of calling a method, or null where it is none of the class library. Unknown methods are taken for native ones.</summary>
    /// <param name="method">The method of a call or of a new object.</param>
    /// <param name="isKnown">Whether the table knows the method, so that its instructions are exact. True where the result is null.</param>
    internal static LibraryCost? Find(MethodReference method, out bool isKnown)
    {
        isKnown = true;
        if (method.DeclaringType.GetElementType() is TypeDefinition || method.DeclaringType.Scope is not AssemblyNameReference scope || !IsLibraryName(scope.Name))
            return null;
        if (Methods.TryGetValue(NameOf(method), out LibraryCost? cost))
            return cost;
        if (IsDelegateMember(method))
            return new LibraryCost(0, InstructionCosts.DelegateCall);
        isKnown = false;
        return Native;
    }

    /// <summary><c>Namespace.Type::Method(ParameterTypes)</c></summary>
    internal static string NameOf(MethodReference method) =>
        $"{method.DeclaringType.FullName}::{method.Name}({string.Join(',', method.Parameters.Select(parameter => parameter.ParameterType.FullName))})";

    private static bool IsDelegateMember(MethodReference method) =>
        method.Name == "Invoke" || (method is { Name: ".ctor", Parameters.Count: 2 } && method.Parameters[1].ParameterType.MetadataType == MetadataType.IntPtr);
}
