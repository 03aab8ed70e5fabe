using System.Diagnostics;
using EdgeMl.Mcu.Ota.Keys;
using EdgeMl.Mcu.Ota.Manifests;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Cli.Tests;

/// <summary>Real processes that sign and are killed as soon as one of the files that count signatures changes.</summary>
public sealed class KilledSignerTests : IDisposable
{
    private const int Rounds = 12;

    private readonly TemporaryFolder _folder = new();

    private string Key => _folder.File("publisher.key");

    private string Machine => _folder.File("machine");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_signer_that_is_killed_at_any_moment_never_signs_twice_with_one_leaf_and_signs_on()
    {
        PublisherKey key = PublisherKey.Create(new KeyPaths(Key, Machine), new DiskFiles());
        string[] watched = [new KeyPaths(Key, Machine).Record(key.Id), Key + ".log", Key + ".state"];
        var leaves = new List<int>();
        for (int round = 0; round < Rounds; round++)
        {
            string manifest = _folder.File($"{round}.manifest");
            using Process process = Start(manifest);
            DateTime before = File.GetLastWriteTimeUtc(watched[round % watched.Length]);
            while (!process.HasExited && File.GetLastWriteTimeUtc(watched[round % watched.Length]) == before)
                Thread.Yield();
            process.Kill();
            process.WaitForExit();
            if (File.Exists(manifest))
                leaves.Add(SignedManifest.Verify(File.ReadAllBytes(manifest), key.PublicKey).LeafNumber);
        }

        string last = _folder.File("last.manifest");
        using (Process process = Start(last))
        {
            process.WaitForExit();
            Assert.Equal(ExitCodes.Ok, process.ExitCode);
        }
        leaves.Add(SignedManifest.Verify(File.ReadAllBytes(last), key.PublicKey).LeafNumber);
        Assert.Equal(leaves.Distinct(), leaves);
        Assert.InRange(leaves[^1], leaves.Count - 1, Rounds);
    }

    private Process Start(string manifest)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { [KeyPaths.MachineFolderVariable] = Machine },
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "edgeml.dll"));
        foreach (string argument in (string[])["sign", Repository.PathOf("docs/vectors/model.emlm"), "-k", Key, "--name", "trees", "--version", "1", "-o", manifest])
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }
}
