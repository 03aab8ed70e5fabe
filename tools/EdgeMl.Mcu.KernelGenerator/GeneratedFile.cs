namespace EdgeMl.Mcu.KernelGenerator;

/// <summary>A source file that this program writes.</summary>
/// <param name="Path">Path in the repository, with slashes.</param>
/// <param name="Text">Content, with line feeds.</param>
public sealed record GeneratedFile(string Path, string Text)
{
    private const string Folder = "firmware/EdgeMl.Mcu.Runtime.Packed/";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<GeneratedFile> All { get; } =
    [
        new(Folder + "WeightStationary.Generated.cs", WeightStationarySource.Text()),
        new(Folder + "ActivationStationary.Generated.cs", ActivationStationarySource.Text()),
        new(Folder + "SlidingSteps.Generated.cs", SlidingStepsSource.Text()),
        new(Folder + "LineSteps.Generated.cs", LineStepsSource.Text()),
        new(Folder + "ByteDotSteps.Generated.cs", DotStepsSource.Bytes()),
        new(Folder + "PackedDotSteps.Generated.cs", DotStepsSource.Packed()),
    ];
}
