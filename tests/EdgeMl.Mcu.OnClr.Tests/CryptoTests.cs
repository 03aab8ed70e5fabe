using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using EdgeMl.Mcu.Metering;
using EdgeMl.Mcu.Ota.Lms;
using EdgeMl.Mcu.Testing;
using Microsoft.CodeAnalysis;

namespace EdgeMl.Mcu.OnClr.Tests;

/// <summary>The agent's cryptography and CBOR on the real interpreter.</summary>
public sealed partial class CryptoTests(ITestOutputHelper log)
{
    private const string RunnerType = "EdgeMl.Mcu.OnClr.CryptoRunner";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>An item of every type, with texts of two, three and four bytes a character.</summary>
    private static readonly byte[] Item = Convert.FromHexString("a5001b7fffffffffffffff0a3b7fffffffffffffff181883f4f5f6190100c11a514b67b062696484440102030462c3bc63e6b0b468f0908591f09f9880");

    [Fact]
    public void Hashes_ciphers_and_CBOR_give_on_the_interpreter_what_they_give_on_the_host()
    {
        Assert.SkipUnless(NanoTools.AreAvailable, NanoTools.Missing);
        byte[] data = new byte[333];
        new Random(5).NextBytes(data);
        using var folder = new TemporaryFolder();
        DeviceCompiler compiler = Compile(folder, [new Payload(data, Item)]);

        string[] lines = Run(NanoTools.NanoClr, compiler).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(Expected(data), lines.Where(line => line is not "mark"));
    }

    [Fact]
    public void Signatures_verify_on_the_interpreter_and_cost_what_the_meter_counts()
    {
        Assert.SkipUnless(NanoTools.CanCount, NanoTools.CountingMissing);
        HssVector product = Signed();
        HssVector[] vectors = [product, product with { Message = [.. product.Message, 0] }, HssVectors.Rfc9858Case1, HssVectors.Rfc8554Case2];
        using var folder = new TemporaryFolder();
        DeviceCompiler compiler = Compile(folder, [new Payload(new byte[64], [0xF6]), .. vectors.Select(vector => new Payload([(byte)vector.PublicKey.Length, .. vector.PublicKey, .. vector.Message], vector.Signature))]);

        string output = Run(NanoTools.CountingClr, compiler);

        Assert.Equal(["valid", "refused", "valid", "valid"], ResultLine().Matches(output).Select(match => match.Groups[1].Value));
        long[] marks = [.. MarkLine().Matches(output).Select(match => long.Parse(match.Groups[1].Value))];
        long overhead = marks[1] - marks[0];
        // The call and the store of its result lie between the marks as well.
        long[] counted = [.. marks.Skip(2).Chunk(2).Select(pair => pair[1] - pair[0] - overhead - 2)];
        using MeteredProgram program = MeteredProgram.Load([.. compiler.PortableExecutables.Select(path => Path.GetFileNameWithoutExtension(path)).Where(name => name != "mscorlib").Select(compiler.Image)]);
        var open = program.Bind<Action<int>>(RunnerType, "Open");
        var verify = program.Bind<Func<bool>>(RunnerType, "Verify");
        for (int i = 0; i < vectors.Length; i++)
        {
            open(i + 1);
            Assert.Equal(program.Measure(() => verify()).Instructions, counted[i]);
            log.WriteLine($"{vectors[i].Name}: {counted[i]:N0} IL");
        }
    }

    private static DeviceCompiler Compile(TemporaryFolder folder, Payload[] payloads)
    {
        var compiler = new DeviceCompiler(folder.Path);
        compiler.Compile("EdgeMl.Mcu.Runtime", DeviceCompiler.RuntimeSources());
        compiler.Compile("EdgeMl.Mcu.Agent", DeviceCompiler.AgentSources());
        SyntaxTree payload = PayloadSource.Compile(compiler, payloads);
        compiler.Compile("Runner", [DeviceCompiler.DeviceSource("CryptoRunner.cs"), payload], OutputKind.ConsoleApplication);
        return compiler;
    }

    private static string Run(string interpreter, DeviceCompiler compiler)
    {
        var start = new ProcessStartInfo(interpreter, compiler.PortableExecutables) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["NANOCLR_QUIET"] = "1";
        ProcessResult result = ProcessResult.Run(start, Limit);
        Assert.True(result.ExitCode == 0, result.Output);
        return result.Output;
    }

    /// <summary>A signature of the product's parameters by the host's signer.</summary>
    private static HssVector Signed()
    {
        byte[] message = [.. Enumerable.Range(0, 640).Select(value => (byte)(value * 7))];
        LmsPrivateKey key = LmsPrivateKey.Derive(LmsParameters.Product, new byte[16], [.. Enumerable.Range(0, 24).Select(value => (byte)value)]);
        return new HssVector("product", key.HssPublicKey(), message, key.HssSign(777, message, new byte[24]));
    }

    private static IEnumerable<string> Expected(byte[] data)
    {
        for (int length = 0; length <= data.Length; length += 7)
            yield return $"hash {Convert.ToHexStringLower(SHA256.HashData(data.AsSpan(0, length)))}";
        for (int length = 0; length <= data.Length; length += 33)
            yield return $"code {Convert.ToHexStringLower(HMACSHA256.HashData(data.AsSpan(0, length), data.AsSpan(length)))}";
        using var cipher = Aes.Create();
        cipher.SetKey(data.AsSpan(0, 16));
        yield return $"wrapped {Convert.ToHexStringLower(Wrapped(cipher, data[28..44]))}";
        yield return "unwrapped";
        yield return $"key {Convert.ToHexStringLower(data.AsSpan(28, 16))}";
        yield return "refused";
        yield return $"text {Convert.ToHexStringLower([.. data.Select((value, i) => (byte)(value ^ StreamByte(cipher, data[16..28], i)))])}";
        yield return "whole";
        yield return $"item {Convert.ToHexStringLower(Item)}";
        yield return "skipped";
        yield return "end";
    }

    private static byte StreamByte(Aes cipher, byte[] nonce, int position)
    {
        byte[] counter = [.. nonce, 0, 0, (byte)(position >> 12), (byte)(position >> 4)];
        return cipher.EncryptEcb(counter, PaddingMode.None)[position & 15];
    }

    /// <summary>RFC 3394, section 2.2.1, for two blocks of 64 bits.</summary>
    private static byte[] Wrapped(Aes cipher, byte[] key)
    {
        byte[] a = [.. Enumerable.Repeat((byte)0xA6, 8)];
        byte[][] r = [key[..8], key[8..]];
        for (int step = 1; step <= 12; step++)
        {
            byte[] b = cipher.EncryptEcb([.. a, .. r[(step - 1) % 2]], PaddingMode.None);
            (a, r[(step - 1) % 2]) = (b[..8], b[8..]);
            a[7] ^= (byte)step;
        }
        return [.. a, .. r[0], .. r[1]];
    }

    [GeneratedRegex(@"^(?:\[il \d+\] )?signature (\w+)\s*$", RegexOptions.Multiline)]
    private static partial Regex ResultLine();

    [GeneratedRegex(@"^\[il (\d+)\] mark\s*$", RegexOptions.Multiline)]
    private static partial Regex MarkLine();
}
