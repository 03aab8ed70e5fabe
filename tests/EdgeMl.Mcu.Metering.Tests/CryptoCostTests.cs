using System.Security.Cryptography;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Metering.Tests;

/// <summary>What the device's cryptography costs in its nano-subset build.</summary>
public sealed class CryptoCostTests(ITestOutputHelper log)
{
    /// <summary>Most instructions that one verification with the product's parameters may take.</summary>
    private const long VerificationInstructionsMax = 6_000_000;

    /// <summary>Bytes of the structure that a manifest of usual size has its signature over.</summary>
    private const int MessageBytes = 640;

    private const int HashBytes = 24;
    private const int Chains = 51;
    private const int SignatureBytes = 1504;

    private const string Driver = """
        using EdgeMl.Mcu.Agent;
        using EdgeMl.Mcu.Agent.Crypto;

        public static class P
        {
            private static readonly HssVerifier Verifier = new HssVerifier();
            private static readonly Sha256 Hash = new Sha256();
            private static readonly HmacSha256 Hmac = new HmacSha256();
            private static readonly Aes128 Cipher = new Aes128();
            private static readonly AesCtr Mode = new AesCtr(Cipher);
            private static MemorySource _source;

            public static void Open(byte[] signature) { _source = new MemorySource(signature); }

            public static bool Verify(byte[] key, byte[] message)
            {
                if (!Verifier.Begin(key, 0, key.Length, _source, 0, _source.Length))
                    return false;
                Verifier.Message.Append(message, 0, message.Length);
                return Verifier.Finish();
            }

            public static void Digest(byte[] data, byte[] digest) { Hash.Append(data, 0, data.Length); Hash.Finish(digest, 0); }

            public static bool Authenticate(byte[] data, byte[] code) { Hmac.Append(data, 0, data.Length); return Hmac.Verify(code, 0, code.Length); }

            public static void Crypt(byte[] data) { Mode.Apply(data, 0, data.Length, 0); }
        }
        """;

    private static MeteredProgram Load()
    {
        byte[] runtime = File.ReadAllBytes(SubsetBuilds.Runtime);
        byte[] agent = File.ReadAllBytes(SubsetBuilds.Agent);
        return MeteredProgram.Load(Device.Compile(Driver, "Program", runtime, agent), agent, runtime);
    }

    [Fact]
    public void A_verification_stays_within_its_budget_for_any_message()
    {
        using MeteredProgram program = Load();
        var verify = program.Bind<Func<byte[], byte[], bool>>("P", "Verify");
        var costs = new List<(int Steps, long Instructions)>();
        for (int seed = 0; seed < 40; seed++)
        {
            // Only the last comparison tells a forged signature from a true one: both take the same way until then.
            (byte[] key, byte[] signature, byte[] message) = Forged(seed);
            program.Bind<Action<byte[]>>("P", "Open")(signature);
            Counters counters = program.Measure(() => Assert.False(verify(key, message)));
            Assert.Equal((0, 0), (counters.AllocatedBytes, counters.UnknownLibraryCalls));
            costs.Add((Steps(key, signature, message), counters.Instructions));
        }

        (int steps, long instructions) = costs.MinBy(cost => cost.Steps);
        (int moreSteps, long moreInstructions) = costs.MaxBy(cost => cost.Steps);
        long step = (moreInstructions - instructions) / (moreSteps - steps);
        // Besides its steps, a verification differs in the sides of its path only.
        Assert.All(costs, cost => Assert.InRange(cost.Instructions - (cost.Steps * step), instructions - (steps * step) - 200, instructions - (steps * step) + 200));
        long worst = costs.Max(cost => cost.Instructions - (cost.Steps * step)) + (step * MaxSteps());
        log.WriteLine($"{step} IL a step; verifications {costs.Average(cost => cost.Steps):F1} steps and {costs.Average(cost => cost.Instructions):N0} IL on average; {MaxSteps()} steps and {worst:N0} IL at worst");
        Assert.InRange(worst, 1, VerificationInstructionsMax);
    }

    [Fact]
    public void A_published_signature_verifies_in_the_metered_program()
    {
        HssVector vector = HssVectors.Rfc9858Case1;
        using MeteredProgram program = Load();
        program.Bind<Action<byte[]>>("P", "Open")(vector.Signature);
        var verify = program.Bind<Func<byte[], byte[], bool>>("P", "Verify");

        Assert.True(verify(vector.PublicKey, vector.Message));
        Assert.False(verify(vector.PublicKey, [.. vector.Message, 0]));
    }

    [Fact]
    public void A_block_of_each_primitive_costs_at_most_its_budget_and_nothing_is_allocated()
    {
        using MeteredProgram program = Load();
        var digest = program.Bind<Action<byte[], byte[]>>("P", "Digest");
        var authenticate = program.Bind<Func<byte[], byte[], bool>>("P", "Authenticate");
        var crypt = program.Bind<Action<byte[]>>("P", "Crypt");
        byte[] code = new byte[32];

        Assert.InRange(PerUnit("SHA-256, 64 bytes", data => digest(data, code), 64), 1, 6_300);
        Assert.InRange(PerUnit("HMAC-SHA256, 64 bytes", data => authenticate(data, code), 64), 1, 6_300);
        Assert.InRange(PerUnit("AES-128-CTR, 16 bytes", crypt, 16), 1, 4_500);
        log.WriteLine($"HMAC-SHA256 of a message of 100 bytes: {program.Measure(() => authenticate(new byte[100], code)).Instructions:N0} IL");

        long PerUnit(string name, Action<byte[]> action, int unit)
        {
            byte[] few = new byte[unit];
            byte[] many = new byte[11 * unit];
            Counters small = program.Measure(() => action(few));
            Counters large = program.Measure(() => action(many));
            long cost = (large.Instructions - small.Instructions) / 10;
            log.WriteLine($"{name}: {cost:N0} IL, {(large.Weighted - small.Weighted) / 10:N0} weighted");
            Assert.Equal((0, 0), (large.AllocatedBytes, large.UnknownLibraryCalls));
            return cost;
        }
    }

    private static (byte[] Key, byte[] Signature, byte[] Message) Forged(int seed)
    {
        var random = new Random(seed);
        byte[] key = new byte[52];
        byte[] signature = new byte[SignatureBytes];
        byte[] message = new byte[MessageBytes];
        random.NextBytes(key);
        random.NextBytes(signature);
        random.NextBytes(message);
        Put(key, 0, 1);
        Put(key, 4, 11);
        Put(key, 8, 7);
        Put(signature, 0, 0);
        Put(signature, 4, random.Next(1024));
        Put(signature, 8, 7);
        Put(signature, 12 + (HashBytes * (1 + Chains)), 11);
        return (key, signature, message);
    }

    /// <summary>Steps that a verifier walks on all chains: RFC 8554, algorithm 4b, with w = 4.</summary>
    private static int Steps(byte[] key, byte[] signature, byte[] message)
    {
        byte[] input = [.. key[12..28], .. signature[4..8], 0x81, 0x81, .. signature[12..(12 + HashBytes)], .. message];
        int digits = SHA256.HashData(input).Take(HashBytes).Sum(value => 15 - (value >> 4) + 15 - (value & 15));
        return digits + ChecksumSteps(digits);
    }

    private static int ChecksumSteps(int checksum) => 45 - (checksum >> 8) - ((checksum >> 4) & 15) - (checksum & 15);

    private static int MaxSteps() => Enumerable.Range(0, (2 * HashBytes * 15) + 1).Max(digits => digits + ChecksumSteps(digits));

    private static void Put(byte[] bytes, int offset, int value)
    {
        for (int i = 0; i < 4; i++)
            bytes[offset + i] = (byte)(value >> (24 - (8 * i)));
    }
}
