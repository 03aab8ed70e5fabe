using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Cli.Tests;

/// <summary>Files of <c>models/digits</c>.</summary>
internal static class Digits
{
    public static string File(string name) => Repository.PathOf($"models/digits/{name}");
}
