using EdgeMl.Mcu.Bench.WireProtocol;

namespace EdgeMl.Mcu.Bench.Flashing;

/// <summary>Says before anything is erased whether a CLR will load an application.</summary>
public static class ApplicationCheck
{
    /// <summary>Finds what would keep the CLR from loading and starting the application.</summary>
    /// <param name="application">All assemblies that will be deployed.</param>
    /// <param name="natives">The native parts in the firmware, or null where it does not tell: then only the assemblies are compared with each other.</param>
    /// <returns>One sentence for each obstacle; empty where there is none.</returns>
    public static IReadOnlyList<string> Problems(IReadOnlyList<NanoAssemblyFile> application, IReadOnlyList<NativeAssembly>? natives)
    {
        var problems = new List<string>();
        foreach (NanoAssemblyFile file in application)
        {
            problems.AddRange(file.References.Where(reference => !application.Any(other => Satisfies(other, reference))).Select(reference => Missing(file, reference, application)));
            if (natives is not null && NativeProblem(file, natives) is { } problem)
                problems.Add(problem);
        }
        string[] programs = [.. application.Where(file => file.HasEntryPoint).Select(file => file.Name)];
        if (programs.Length == 0)
            problems.Add("No assembly has a Main.");
        if (programs.Length > 1)
            problems.Add($"{string.Join(" and ", programs)} have a Main each, and a board starts one.");
        return problems;
    }

    /// <summary>Refuses an application with problems.</summary>
    /// <exception cref="BenchException"><see cref="BenchErrorCodes.WillNotLoad"/>.</exception>
    public static void Check(IReadOnlyList<NanoAssemblyFile> application, IReadOnlyList<NativeAssembly>? natives)
    {
        IReadOnlyList<string> problems = Problems(application, natives);
        if (problems.Count > 0)
            throw new BenchException(BenchErrorCodes.WillNotLoad, $"The board would not load this application, so nothing was changed. {string.Join(" ", problems)}",
                "Give the whole output folder of the application's build. Where a native part differs, use the package version that fits the firmware, or update the firmware: 'edgeml flash --clr'.");
    }

    // The rule of the CLR: revisions may differ.
    private static bool Satisfies(NanoAssemblyFile file, AssemblyReference reference) =>
        file.Name == reference.Name && file.Version.Major == reference.Version.Major && file.Version.Minor == reference.Version.Minor;

    private static string Missing(NanoAssemblyFile file, AssemblyReference reference, IReadOnlyList<NanoAssemblyFile> application) =>
        application.FirstOrDefault(other => other.Name == reference.Name) is { } present
            ? $"{file.Name} needs {reference.Name} {reference.Version.Major}.{reference.Version.Minor}, and the folder has {present.Version}."
            : $"{file.Name} needs {reference.Name} {reference.Version}, which is not in the folder.";

    private static string? NativeProblem(NanoAssemblyFile file, IReadOnlyList<NativeAssembly> natives)
    {
        NativeAssembly? native = natives.FirstOrDefault(candidate => candidate.Name == file.Name);
        if (native is null)
            return file.NativeChecksum == 0 ? null : $"{file.Name} {file.Version} needs a native part, which this firmware has not.";
        return native.Checksum == file.NativeChecksum ? null
            : $"{file.Name} {file.Version} needs native part 0x{file.NativeChecksum:X8}, and this firmware has 0x{native.Checksum:X8} (version {native.Version}).";
    }
}
