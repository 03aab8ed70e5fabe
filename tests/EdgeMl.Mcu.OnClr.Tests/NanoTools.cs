namespace EdgeMl.Mcu.OnClr.Tests;

/// <summary>The real nanoFramework tools, named by environment variables. They are not part of the repository.</summary>
internal static class NanoTools
{
    /// <summary>Names the nanoCLR executable.</summary>
    public const string NanoClrVariable = "EDGEML_NANOCLR";

    /// <summary>Names the metadata processor, an executable or a .dll for <c>dotnet</c>.</summary>
    public const string MetadataProcessorVariable = "EDGEML_METADATA_PROCESSOR";

    /// <summary>Names the folder with the real <c>mscorlib.dll</c> and <c>mscorlib.pe</c>.</summary>
    public const string LibrariesVariable = "EDGEML_NANO_LIBS";

    /// <summary>Why tests on the interpreter are skipped.</summary>
    public const string Missing = $"The nanoFramework interpreter is not at hand: set {NanoClrVariable}, {MetadataProcessorVariable} and {LibrariesVariable}.";

    /// <summary>Whether all tools are there.</summary>
    public static bool AreAvailable => File.Exists(NanoClr) && AreLibrariesAvailable;

    /// <summary>Path of the nanoCLR executable, or an empty string.</summary>
    public static string NanoClr { get; } = Environment.GetEnvironmentVariable(NanoClrVariable) ?? "";

    /// <summary>Names a nanoCLR executable that begins each line of <c>Debug.WriteLine</c> with <c>[il N]</c>, the instructions executed so far.</summary>
    public const string CountingClrVariable = "EDGEML_NANOCLR_COUNT";

    /// <summary>Why tests on the counting interpreter are skipped.</summary>
    public const string CountingMissing = $"The counting interpreter is not at hand: set {CountingClrVariable}, {MetadataProcessorVariable} and {LibrariesVariable}.";

    /// <summary>Whether the tools for counting are there.</summary>
    public static bool CanCount => File.Exists(CountingClr) && AreLibrariesAvailable;

    /// <summary>Path of the counting nanoCLR executable, or an empty string.</summary>
    public static string CountingClr { get; } = Environment.GetEnvironmentVariable(CountingClrVariable) ?? "";

    /// <summary>Names a nanoCLR executable with the real Wire Protocol on a serial line; RealBoard says what its command line takes.</summary>
    public const string WireClrVariable = "EDGEML_NANOCLR_WIRE";

    /// <summary>Why tests of deployment are skipped.</summary>
    public const string WireMissing = $"The interpreter with the Wire Protocol is not at hand: set {WireClrVariable}, {MetadataProcessorVariable} and {LibrariesVariable}.";

    /// <summary>Whether the tools for deployment are there.</summary>
    public static bool CanDeploy => File.Exists(WireClr) && AreLibrariesAvailable;

    /// <summary>Path of the nanoCLR executable with the Wire Protocol, or an empty string.</summary>
    public static string WireClr { get; } = Environment.GetEnvironmentVariable(WireClrVariable) ?? "";

    /// <summary>Path of the metadata processor, or an empty string.</summary>
    public static string MetadataProcessor { get; } = Environment.GetEnvironmentVariable(MetadataProcessorVariable) ?? "";

    /// <summary>Path of a file beside the real libraries.</summary>
    public static string Library(string name) => Path.Combine(Environment.GetEnvironmentVariable(LibrariesVariable) ?? "", name);

    private static bool AreLibrariesAvailable => File.Exists(MetadataProcessor) && File.Exists(Library("mscorlib.dll")) && File.Exists(Library("mscorlib.pe"));
}
