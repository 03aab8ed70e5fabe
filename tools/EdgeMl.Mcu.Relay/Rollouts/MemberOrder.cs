using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace EdgeMl.Mcu.Relay.Rollouts;

/// <summary>The order in which stages take devices: by SHA-256 of seed and device, so that it is even over all devices and another one in each rollout.</summary>
internal static class MemberOrder
{
    /// <summary>Sorts devices.</summary>
    /// <param name="seed">Of the rollout.</param>
    /// <param name="devices">Different names.</param>
    public static IReadOnlyList<string> Sort(string seed, IEnumerable<string> devices) =>
        [.. devices.Select(device => (device, place: Place(seed, device))).OrderBy(entry => entry.place).ThenBy(entry => entry.device, StringComparer.Ordinal).Select(entry => entry.device)];

    private static ulong Place(string seed, string device) => BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}/{device}")));
}
