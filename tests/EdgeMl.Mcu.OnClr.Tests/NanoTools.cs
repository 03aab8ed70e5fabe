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
    public static bool AreAvailable => File.Exists(NanoClr) && File.Exists(MetadataProcessor) && File.Exists(Library("mscorlib.dll")) && File.Exists(Library("mscorlib.pe"));

    /// <summary>Path of the nanoCLR executable, or an empty string.</summary>
    public static string NanoClr { get; } = Environment.GetEnvironmentVariable(NanoClrVariable) ?? "";

    /// <summary>Path of the metadata processor, or an empty string.</summary>
    public static string MetadataProcessor { get; } = Environment.GetEnvironmentVariable(MetadataProcessorVariable) ?? "";

    /// <summary>Path of a file beside the real libraries.</summary>
    public static string Library(string name) => Path.Combine(Environment.GetEnvironmentVariable(LibrariesVariable) ?? "", name);
}
