using EdgeMl.Mcu.Relay.Messages;

namespace EdgeMl.Mcu.Relay.Dispatch;

/// <summary>Something about one device that goes to the database. All but the last two were authenticated.</summary>
internal abstract record Uplink(string Device);

/// <summary>The device says hello.</summary>
internal sealed record HelloUplink(string Device, DeviceHello Hello) : Uplink(Device);

/// <summary>The device says how it is.</summary>
internal sealed record StatusUplink(string Device, DeviceStatus Status) : Uplink(Device);

/// <summary>The device sends results.</summary>
internal sealed record ResultsUplink(string Device, DeviceResults Results) : Uplink(Device);

/// <summary>The broker says that the device is gone.</summary>
internal sealed record OfflineUplink(string Device) : Uplink(Device);

/// <summary>The device is to be told again what it should run, if it is connected.</summary>
internal sealed record RemindUplink(string Device) : Uplink(Device);
