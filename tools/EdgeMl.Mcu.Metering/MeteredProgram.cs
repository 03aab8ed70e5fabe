using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using EdgeMl.Mcu.Metering.Instrumentation;
using Mono.Cecil;

namespace EdgeMl.Mcu.Metering;

/// <summary>
/// Device assemblies that run in this process and count the IL that they execute. Takes nano-subset builds, compiled against nanoFramework's mscorlib or its
/// signatures; the host's class library takes its place.
/// </summary>
/// <remarks>
/// Counting is exact at every moment between two calls, exceptions included. Static constructors run when the program is loaded, as they do on a device, and count
/// in <see cref="Initialization"/>. Checked arithmetic does not throw, and methods without managed code throw <see cref="NotSupportedException"/>, as on a device.
/// Not thread-safe: counts of code that runs on several threads at once are too low.
/// </remarks>
public sealed class MeteredProgram : IDisposable
{
    private readonly List<Segment> _segments;
    private readonly List<string> _methods;
    private readonly LoadContext _context;
    private readonly long[] _counters;

    private MeteredProgram(AssemblyInstrumenter instrumenter, List<byte[]> images)
    {
        _segments = instrumenter.Segments;
        _methods = instrumenter.Methods;
        _counters = GC.AllocateArray<long>(Math.Max(_segments.Count, 1), pinned: true);
        _context = new LoadContext();
        foreach (byte[] image in images)
            _context.Add(image);
        foreach (Assembly assembly in _context.Loaded)
        {
            // The assembly keeps the array alive for as long as its code can run.
            Type holder = assembly.GetType(AssemblyInstrumenter.HolderType)!;
            holder.GetField(AssemblyInstrumenter.OwnerField)!.SetValue(null, _counters);
            holder.GetField(AssemblyInstrumenter.AddressField)!.SetValue(null, Marshal.UnsafeAddrOfPinnedArrayElement(_counters, 0));
        }
        foreach (Type type in _context.Loaded.SelectMany(assembly => assembly.GetTypes()).Where(type => type.TypeInitializer is not null))
            RuntimeHelpers.RunClassConstructor(type.TypeHandle);
        Initialization = Snapshot();
        Array.Clear(_counters);
    }

    /// <summary>What the static constructors executed.</summary>
    public Counters Initialization { get; }

    /// <summary>The instrumented assemblies.</summary>
    public IReadOnlyList<Assembly> Assemblies => _context.Loaded;

    /// <summary>Instruments and loads assemblies.</summary>
    /// <param name="images">All assemblies of the program but the class library, in any order.</param>
    /// <exception cref="MeteringException">An image is no assembly, or uses a part of the class library that the host does not have.</exception>
    public static MeteredProgram Load(params IReadOnlyList<byte[]> images)
    {
        var resolver = new ProgramResolver();
        var instrumenter = new AssemblyInstrumenter();
        List<AssemblyDefinition> assemblies = [.. images.Select(resolver.Read)];
        var instrumented = assemblies.ConvertAll(assembly => instrumenter.Instrument(assembly.MainModule));
        resolver.Dispose();
        return new MeteredProgram(instrumenter, instrumented);
    }

    /// <summary>A type of the program.</summary>
    /// <param name="fullName">Name with namespace, <c>+</c> before a nested one.</param>
    /// <exception cref="MeteringException">There is none.</exception>
    public Type FindType(string fullName) =>
        _context.Loaded.Select(assembly => assembly.GetType(fullName)).FirstOrDefault(type => type is not null)
        ?? throw new MeteringException($"The program has no type {fullName}.");

    /// <summary>A static method as a delegate, which calls it without any detour.</summary>
    /// <exception cref="MeteringException">There is none of this name and signature.</exception>
    public TDelegate Bind<TDelegate>(string typeName, string methodName)
        where TDelegate : Delegate => (TDelegate)(Delegate.CreateDelegate(typeof(TDelegate), FindType(typeName), methodName, ignoreCase: false, throwOnBindFailure: false)
            ?? throw new MeteringException($"{typeName} has no static method {methodName} that {typeof(TDelegate).Name} can call."));

    /// <summary>All that was executed since the program was loaded.</summary>
    public Counters Snapshot() => new(_segments, _methods, _counters[.._segments.Count]);

    /// <summary>What an action executes.</summary>
    public Counters Measure(Action action)
    {
        Counters before = Snapshot();
        action();
        return Snapshot() - before;
    }

    /// <summary>Lets the assemblies be unloaded once none of their objects is in use.</summary>
    public void Dispose() => _context.Unload();

    /// <summary>Holds the assemblies of one program; the host may have others of the same names.</summary>
    private sealed class LoadContext() : AssemblyLoadContext("metered", isCollectible: true)
    {
        public List<Assembly> Loaded { get; } = [];

        public void Add(byte[] image) => Loaded.Add(LoadFromStream(new MemoryStream(image)));

        protected override Assembly? Load(AssemblyName assemblyName) => Loaded.Find(assembly => assembly.GetName().Name == assemblyName.Name);
    }
}
