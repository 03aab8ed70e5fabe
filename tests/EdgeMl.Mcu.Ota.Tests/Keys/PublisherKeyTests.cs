using System.Text.Json.Nodes;
using EdgeMl.Mcu.Ota.Keys;
using EdgeMl.Mcu.Ota.Manifests;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Ota.Tests.Keys;

/// <summary>Keys on the real file system.</summary>
public sealed class PublisherKeyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DiskFiles _files = new();

    private KeyPaths Paths => new(_folder.File("publisher"), _folder.File("machine"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_manifest_that_is_signed_verifies_with_the_public_key_and_uses_one_leaf_after_another()
    {
        PublisherKey key = PublisherKey.Create(Paths, _files);

        for (int leaf = 0; leaf < 3; leaf++)
        {
            SignedManifest manifest = SignedManifest.Verify(PublisherKey.Open(Paths, _files).Sign(TestModels.Content()), key.PublicKey);
            Assert.Equal(leaf, manifest.LeafNumber);
        }
        KeyUsage usage = key.Usage();
        Assert.Equal((3, PublisherKey.ManifestsMax - 3), (usage.Used, usage.Remaining));
    }

    [Fact]
    public void Only_the_owner_can_read_the_key_and_its_state()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no file modes.");
            return;
        }
        PublisherKey.Create(Paths, _files);

        foreach (string path in (string[])[Paths.Key, Paths.State, Paths.Log])
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Fact]
    public void A_key_is_never_overwritten()
    {
        PublisherKey.Create(Paths, _files);

        AssertRefused(OtaErrorCodes.KeyExists, () => PublisherKey.Create(Paths, _files));
    }

    [Fact]
    public void A_key_whose_state_log_or_record_is_missing_signs_nothing()
    {
        PublisherKey key = PublisherKey.Create(Paths, _files);
        Sign(key);

        foreach (string path in (string[])[Paths.State, Paths.Log, Paths.Record(key.Id)])
        {
            File.Move(path, path + ".away");
            AssertRefused(OtaErrorCodes.KeyStateLost, () => Sign(key));
            File.Move(path + ".away", path);
        }
        Assert.Equal(1, Sign(key));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_state_that_was_restored_from_before_some_signatures_is_refused(int signatures)
    {
        PublisherKey key = PublisherKey.Create(Paths, _files);
        Sign(key);
        byte[] state = File.ReadAllBytes(Paths.State);
        byte[] log = File.ReadAllBytes(Paths.Log);
        for (int i = 0; i < signatures; i++)
            Sign(key);

        File.WriteAllBytes(Paths.State, state);
        AssertRefused(OtaErrorCodes.KeyStateOld, () => Sign(key));
        File.WriteAllBytes(Paths.Log, log);
        AssertRefused(OtaErrorCodes.KeyStateOld, () => Sign(key));
    }

    [Fact]
    public void A_copy_of_the_key_with_its_state_is_refused_on_the_same_machine()
    {
        PublisherKey.Create(Paths, _files);
        KeyPaths copy = Copy("copy");

        AssertRefused(OtaErrorCodes.KeyCopied, () => Sign(PublisherKey.Open(copy, _files)));
        Assert.Equal(0, Sign(PublisherKey.Open(Paths, _files)));
    }

    [Fact]
    public void A_copy_of_the_key_with_its_state_is_refused_on_another_machine()
    {
        PublisherKey.Create(Paths, _files);
        KeyPaths copy = Copy("copy") with { MachineFolder = _folder.File("other machine") };

        AssertRefused(OtaErrorCodes.KeyStateLost, () => Sign(PublisherKey.Open(copy, _files)));
    }

    [Fact]
    public void A_state_that_another_machine_has_signed_with_is_refused_where_the_key_was_made()
    {
        PublisherKey key = PublisherKey.Create(Paths, _files);
        KeyPaths cloned = Paths with { MachineFolder = _folder.File("clone") };
        Directory.CreateDirectory(Path.GetDirectoryName(cloned.Record(key.Id))!);
        File.Copy(Paths.Record(key.Id), cloned.Record(key.Id));

        Assert.Equal(0, Sign(PublisherKey.Open(cloned, _files)));
        AssertRefused(OtaErrorCodes.KeyCopied, () => Sign(key));
    }

    [Fact]
    public void A_key_that_was_moved_with_its_state_goes_on()
    {
        PublisherKey key = PublisherKey.Create(Paths, _files);
        Sign(key);
        KeyPaths moved = Copy("moved");
        foreach (string path in (string[])[Paths.Key, Paths.State, Paths.Log])
            File.Delete(path);

        Assert.Equal(1, Sign(PublisherKey.Open(moved, _files)));
    }

    [Fact]
    public void A_log_line_that_was_changed_is_found()
    {
        PublisherKey key = PublisherKey.Create(Paths, _files);
        Sign(key);
        Sign(key);
        File.WriteAllText(Paths.Log, File.ReadAllText(Paths.Log).Replace("\"leaf\":0,\"message\":\"", "\"leaf\":0,\"message\":\"0", StringComparison.Ordinal));

        AssertRefused(OtaErrorCodes.KeyStateDamaged, () => Sign(key));
    }

    [Fact]
    public void A_damaged_key_file_is_refused_before_a_leaf_is_used()
    {
        PublisherKey.Create(Paths, _files);
        byte[] intact = File.ReadAllBytes(Paths.Key);
        foreach (byte[] damaged in (byte[][])[[], intact[..(intact.Length / 2)], [.. "{}"u8], [.. "[1]"u8], [.. "null"u8]])
        {
            File.WriteAllBytes(Paths.Key, damaged);
            AssertRefused(OtaErrorCodes.KeyUnreadable, () => PublisherKey.Open(Paths, _files));
        }
    }

    [Fact]
    public void Signers_at_the_same_time_never_share_a_leaf()
    {
        PublisherKey.Create(Paths, _files);
        var leaves = new System.Collections.Concurrent.ConcurrentBag<int>();

        Parallel.For(0, 24, new ParallelOptions { MaxDegreeOfParallelism = 6 }, _ => leaves.Add(Sign(PublisherKey.Open(Paths, new DiskFiles()))));

        Assert.Equal(Enumerable.Range(0, 24), leaves.Order());
    }

    [Fact]
    public void A_key_that_is_used_up_signs_its_successor_still()
    {
        PublisherKey key = PublisherKey.Create(Paths, _files);
        UseUp(key, PublisherKey.ManifestsMax - 1);
        Assert.Equal(PublisherKey.ManifestsMax - 1, Sign(key));

        AssertRefused(OtaErrorCodes.KeyExhausted, () => Sign(key));
        PublisherKey next = PublisherKey.Create(Paths with { Key = _folder.File("next") }, _files, 1);
        Assert.Equal(next.PublicKey, RotationBuilder.Verify(key.SignRotation(next), key.PublicKey, 0));
    }

    [Fact]
    public void A_key_with_a_successor_signs_no_manifest_and_no_other_successor()
    {
        PublisherKey key = PublisherKey.Create(Paths, _files);
        PublisherKey next = PublisherKey.Create(Paths with { Key = _folder.File("next") }, _files, 1);
        PublisherKey other = PublisherKey.Create(Paths with { Key = _folder.File("other") }, _files, 1);
        byte[] rotation = key.SignRotation(next);

        AssertRefused(OtaErrorCodes.KeySuperseded, () => Sign(key));
        AssertRefused(OtaErrorCodes.KeySuperseded, () => key.SignRotation(other));
        Assert.Equal(RotationBuilder.Verify(rotation, key.PublicKey, 0), RotationBuilder.Verify(key.SignRotation(next), key.PublicKey, 0));
        AssertRefused(OtaErrorCodes.RotationGeneration, () => RotationBuilder.Verify(rotation, key.PublicKey, 1));
        AssertRefused(OtaErrorCodes.Rotation, () => RotationBuilder.Verify(rotation, next.PublicKey, 0));
    }

    /// <summary>Makes the three accounts say that leaves are used, as that many signatures would have.</summary>
    private void UseUp(PublisherKey key, int leaves)
    {
        SignatureLog log = SignatureLog.Empty(key.Id);
        for (int i = 0; i < leaves; i++)
            log = log.With("", DateTimeOffset.UnixEpoch);
        File.WriteAllBytes(Paths.Log, log.Bytes);
        Change(Paths.State, json => json["next"] = leaves);
        Change(Paths.Record(key.Id), json => (json["next"], json["head"]) = (leaves, log.Head));
    }

    private static void Change(string path, Action<JsonNode> change)
    {
        JsonNode json = JsonNode.Parse(File.ReadAllText(path))!;
        change(json);
        File.WriteAllText(path, json.ToJsonString());
    }

    private KeyPaths Copy(string name)
    {
        KeyPaths copy = Paths with { Key = _folder.File(name) };
        File.Copy(Paths.Key, copy.Key);
        File.Copy(Paths.State, copy.State);
        File.Copy(Paths.Log, copy.Log);
        return copy;
    }

    private static int Sign(PublisherKey key) => SignedManifest.Verify(key.Sign(TestModels.Content()), key.PublicKey).LeafNumber;

    private static void AssertRefused(string code, Action action) => Assert.Equal(code, Assert.Throws<OtaException>(action).Code);
}
