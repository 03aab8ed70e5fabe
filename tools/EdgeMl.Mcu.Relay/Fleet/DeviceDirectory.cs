using System.Collections.Concurrent;
using Dapper;
using EdgeMl.Mcu.Relay.Storage;

namespace EdgeMl.Mcu.Relay.Fleet;

/// <summary>The keys of the devices that are not revoked, in memory: messages are checked against them before the database is asked. Thread-safe.</summary>
internal sealed class DeviceDirectory
{
    private readonly ConcurrentDictionary<string, DeviceSecrets> _devices;

    /// <summary>Loads the keys.</summary>
    public DeviceDirectory(Store store) => _devices = new ConcurrentDictionary<string, DeviceSecrets>(
        store.Read(connection => connection.Query<(string Id, byte[] Key)>("select id, key from device where revoked = 0").ToArray())
            .Select(row => KeyValuePair.Create(row.Id, new DeviceSecrets(row.Key))), StringComparer.Ordinal);

    /// <summary>Number of devices.</summary>
    public int Count => _devices.Count;

    /// <summary>The keys of a device; null if it is unknown or revoked.</summary>
    public DeviceSecrets? Find(string device) => _devices.GetValueOrDefault(device);

    /// <summary>Adds a device that was stored, or gives it new keys.</summary>
    public void Set(string device, byte[] key) => _devices[device] = new DeviceSecrets(key);

    /// <summary>Takes away a device that was revoked.</summary>
    public void Remove(string device) => _devices.TryRemove(device, out _);
}
