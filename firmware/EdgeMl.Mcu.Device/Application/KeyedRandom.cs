using System;
using EdgeMl.Mcu.Agent.Crypto;
using EdgeMl.Mcu.Agent.Ports;

namespace EdgeMl.Mcu.Device.Application;

/// <summary>
/// Random numbers on boards whose class library has no cryptographic generator: HMAC-SHA256 over a counter, under a key that is the HMAC of what differs from start to
/// start under the device key. Nobody without the device key can foresee them.
/// </summary>
public sealed class KeyedRandom : RandomSource
{
    private readonly HmacSha256 _mac = new HmacSha256();
    private readonly byte[] _counter = new byte[8];
    private readonly byte[] _block = new byte[HmacSha256.CodeBytes];
    private int _used = HmacSha256.CodeBytes;

    /// <summary>Creates a generator.</summary>
    /// <param name="deviceKey">Device key.</param>
    /// <param name="entropy">A number that is another one at each start.</param>
    public KeyedRandom(byte[] deviceKey, long entropy)
    {
        _mac.SetKey(deviceKey, 0, deviceKey.Length);
        byte[] seed = BitConverter.GetBytes(entropy);
        _mac.Append(seed, 0, seed.Length);
        byte[] key = new byte[HmacSha256.CodeBytes];
        _mac.Finish(key, 0, key.Length);
        _mac.SetKey(key, 0, key.Length);
    }

    /// <inheritdoc/>
    public override void Fill(byte[] buffer, int offset, int count)
    {
        for (int i = 0; i < count; i++)
        {
            if (_used == _block.Length)
                Renew();
            buffer[offset + i] = _block[_used++];
        }
    }

    private void Renew()
    {
        for (int i = 0; i < _counter.Length && ++_counter[i] == 0; i++)
        {
        }
        _mac.Append(_counter, 0, _counter.Length);
        _mac.Finish(_block, 0, _block.Length);
        _used = 0;
    }
}
