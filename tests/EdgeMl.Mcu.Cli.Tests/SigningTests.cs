using System.Text.Json;
using EdgeMl.Mcu.Ota;
using EdgeMl.Mcu.Ota.Encryption;
using EdgeMl.Mcu.Ota.Keys;
using EdgeMl.Mcu.Ota.Manifests;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Cli.Tests;

/// <summary><c>edgeml keys</c> and <c>edgeml sign</c> on real files.</summary>
public sealed class SigningTests : IDisposable
{
    private static readonly string Model = Repository.PathOf("docs/vectors/model.emlm");

    private readonly TemporaryFolder _folder = new();

    // Records of keys go to a folder of the tests, never to the user's own.
    static SigningTests() => Environment.SetEnvironmentVariable(KeyPaths.MachineFolderVariable, Directory.CreateTempSubdirectory("edgeml-test-state-").FullName);

    private string Key => _folder.File("publisher.key");

    private string Manifest => _folder.File("trees.manifest");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_model_that_is_signed_verifies_with_the_public_key_and_counts()
    {
        JsonElement key = Ok("keys", "new", Key, "--json");
        JsonElement first = Ok("sign", Model, "--key", Key, "--name", "trees", "--version", "1.0.0", "--epoch", "2", "--expires", "30d", "--label", "site=Brno", "-o", Manifest, "--json");
        JsonElement second = Ok("sign", Model, "--key", Key, "--name", "trees", "--version", "1.0.1", "-o", Manifest + "2", "--json");

        Assert.Equal((0, 1, 1018), (first.GetProperty("leaf").GetInt32(), second.GetProperty("leaf").GetInt32(), second.GetProperty("remaining").GetInt32()));
        JsonElement verified = Ok("keys", "verify", Manifest, "--key", Key + ".pub", "--model", Model, "--json");
        Assert.Equal(key.GetProperty("id").GetString(), verified.GetProperty("key").GetString());
        Assert.Equal((2, "Brno"), (verified.GetProperty("epoch").GetInt32(), verified.GetProperty("labels").GetProperty("site").GetString()));
        JsonElement shown = Ok("keys", "show", Key, "--json");
        Assert.Equal((2, "publisher"), (shown.GetProperty("used").GetInt32(), shown.GetProperty("kind").GetString()));
    }

    [Fact]
    public void A_manifest_that_does_not_verify_ends_with_exit_code_4()
    {
        Ok("keys", "new", Key, "--json");
        Ok("keys", "new", Key + "2", "--json");
        Ok("sign", Model, "--key", Key, "--name", "trees", "--version", "1.0.0", "-o", Manifest, "--json");

        CommandLineRun.Of("keys", "verify", Manifest, "--key", Key + "2.pub").ShouldFail(ExitCodes.Refused, OtaErrorCodes.Signature);
        CommandLineRun.Of("keys", "verify", Manifest, "--key", Key + ".pub", "--model", Manifest).ShouldFail(ExitCodes.Refused, OtaErrorCodes.ModelHash);
        CommandLineRun.Of("keys", "verify", Model, "--key", Key + ".pub").ShouldFail(ExitCodes.Refused, OtaErrorCodes.ManifestFormat);
        CommandLineRun.Of("keys", "verify", Manifest, "--key", Model).ShouldFail(ExitCodes.Failed, OtaErrorCodes.KeyUnreadable);
    }

    [Fact]
    public void A_copied_key_signs_nothing_and_writes_no_manifest()
    {
        Ok("keys", "new", Key, "--json");
        foreach (string suffix in (string[])["", ".state", ".log", ".pub"])
            File.Copy(Key + suffix, _folder.File("copy.key") + suffix);

        CommandLineRun.Of("sign", Model, "--key", _folder.File("copy.key"), "--name", "trees", "--version", "1", "-o", Manifest).ShouldFail(ExitCodes.Refused, OtaErrorCodes.KeyCopied);
        Assert.False(File.Exists(Manifest));
    }

    [Fact]
    public void A_key_is_not_overwritten()
    {
        Ok("keys", "new", Key, "--json");

        CommandLineRun.Of("keys", "new", Key).ShouldFail(ExitCodes.Refused, OtaErrorCodes.KeyExists);
        CommandLineRun.Of("keys", "new", Key, "--device").ShouldFail(ExitCodes.Refused, OtaErrorCodes.KeyExists);
    }

    [Fact]
    public void A_rotation_leads_from_one_key_to_the_next()
    {
        Ok("keys", "new", Key, "--json");
        string next = _folder.File("next.key");
        JsonElement rotation = Ok("keys", "rotate", Key, "-o", next, "--json");

        byte[] nextKey = RotationBuilder.Verify(File.ReadAllBytes(rotation.GetProperty("rotation").GetString()!), PublicKeyFile.Read(File.ReadAllBytes(Key + ".pub"), Key).PublicKey, 0);
        Assert.Equal((Convert.ToHexStringLower(nextKey), 1), (rotation.GetProperty("to").GetProperty("publicKey").GetString(), rotation.GetProperty("to").GetProperty("generation").GetInt32()));
        CommandLineRun.Of("sign", Model, "--key", Key, "--name", "trees", "--version", "1", "-o", Manifest).ShouldFail(ExitCodes.Refused, OtaErrorCodes.KeySuperseded);
        Ok("sign", Model, "--key", next, "--name", "trees", "--version", "1", "-o", Manifest, "--json");
        Ok("keys", "rotate", Key, "-o", next, "--json");
    }

    [Fact]
    public void An_encrypted_model_is_the_signed_one_and_its_key_opens_it()
    {
        Ok("keys", "new", Key, "--json");
        JsonElement signed = Ok("sign", Model, "--key", Key, "--name", "trees", "--version", "1", "--encrypt", "-o", Manifest, "--json");

        string stored = signed.GetProperty("storedModel").GetString()!;
        Ok("keys", "verify", Manifest, "--key", Key + ".pub", "--model", stored, "--json");
        SignedManifest manifest = SignedManifest.Parse(File.ReadAllBytes(Manifest));
        SecretFile secret = SecretFile.TryRead(File.ReadAllBytes(signed.GetProperty("modelKey").GetString()!))!;
        Assert.Equal(secret.Id, Convert.ToHexStringLower(manifest.Fields.EncryptionKeyId));
        Assert.NotEqual(File.ReadAllBytes(Model), File.ReadAllBytes(stored));
        Assert.Equal(File.ReadAllBytes(Model), ModelEncryption.Encrypt(File.ReadAllBytes(stored), Convert.FromHexString(secret.Secret), manifest.Fields.EncryptionNonce));
    }

    [Fact]
    public void A_device_key_is_made_and_never_shown()
    {
        JsonElement made = Ok("keys", "new", Key, "--device", "--json");
        CommandLineRun shown = CommandLineRun.Of("keys", "show", Key);

        Assert.Equal(ExitCodes.Ok, shown.ExitCode);
        Assert.Contains(made.GetProperty("id").GetString()!, shown.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(SecretFile.TryRead(File.ReadAllBytes(Key))!.Secret, shown.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--expires", "yesterday", ExitCodes.Usage, Failure.UsageCode)]
    [InlineData("--expires", "2001-01-01", ExitCodes.Usage, Failure.UsageCode)]
    [InlineData("--label", "nothing", ExitCodes.Usage, Failure.UsageCode)]
    [InlineData("--chunk", "1000", ExitCodes.Failed, OtaErrorCodes.ManifestArgument)]
    [InlineData("--epoch", "-1", ExitCodes.Failed, OtaErrorCodes.ManifestArgument)]
    public void A_bad_option_uses_up_no_signature(string option, string value, int exitCode, string code)
    {
        Ok("keys", "new", Key, "--json");

        CommandLineRun.Of("sign", Model, "--key", Key, "--name", "trees", "--version", "1", "-o", Manifest, option, value).ShouldFail(exitCode, code);
        Assert.Equal(0, Ok("keys", "show", Key, "--json").GetProperty("used").GetInt32());
    }

    [Theory]
    [InlineData("new", "edgeml keys new publisher.key")]
    [InlineData("show", "edgeml keys show publisher.key")]
    [InlineData("rotate", "edgeml keys rotate publisher.key -o publisher-2.key")]
    [InlineData("verify", "edgeml keys verify digits.manifest --key publisher.key.pub --model digits.emlm")]
    public void Every_verb_of_keys_has_examples(string verb, string example) => Assert.Contains(example, CommandLineRun.Of("keys", verb, "--help").Output, StringComparison.Ordinal);

    private static JsonElement Ok(params string[] arguments)
    {
        CommandLineRun run = CommandLineRun.Of(arguments);
        Assert.True(run.ExitCode == ExitCodes.Ok, run.Output + run.Error);
        return run.Json;
    }
}
