using EdgeMl.Mcu.Agent.Cbor;
using EdgeMl.Mcu.Device.Energy;
using EdgeMl.Mcu.Runtime.Format;
using Key = EdgeMl.Mcu.Device.Configuration.ConfigurationKey;

namespace EdgeMl.Mcu.Device.Configuration;

/// <summary>Writes configuration files that <see cref="ConfigurationReader"/> reads. Not thread-safe.</summary>
public sealed class ConfigurationWriter
{
    private readonly CborWriter _writer = new CborWriter();

    /// <summary>Writes a configuration.</summary>
    /// <param name="configuration">What to write; values are not checked.</param>
    /// <param name="file">Takes the file, from its start.</param>
    /// <returns>Bytes of the file; -1 where it does not fit.</returns>
    public int Write(DeviceConfiguration configuration, byte[] file)
    {
        if (file.Length <= DeviceConfiguration.ChecksumBytes)
            return -1;
        DeviceConfiguration c = configuration;
        CborWriter writer = _writer;
        writer.Reset(file, 0, file.Length - DeviceConfiguration.ChecksumBytes);
        writer.WriteMap(CountOf(c));
        Number(Key.Format, DeviceConfiguration.Format);
        Text(Key.Fleet, c.Fleet);
        Text(Key.Device, c.Device);
        Bytes(Key.DeviceKey, c.DeviceKey);
        Bytes(Key.PublisherKey, c.PublisherKey);
        Text(Key.BrokerHost, c.BrokerHost);
        Number(Key.BrokerPort, c.BrokerPort);
        writer.WriteInteger(Key.BrokerTls);
        writer.WriteBool(c.UsesTls);
        Bytes(Key.Certificate, c.Certificate);
        Text(Key.WifiName, c.WifiName);
        Text(Key.WifiPassword, c.WifiPassword);
        Write(c.Sensor);
        Write(c.Energy);
        Number(Key.ModelRam, c.ModelRamBytes);
        Number(Key.Slot, c.SlotBytes);
        Number(Key.Page, c.PageBytesMax);
        Number(Key.Poll, c.PollMilliseconds);
        Number(Key.UpdateCharge, c.UpdatePercentMin);
        if (c.Battery != null)
            Write(c.Battery);
        if (c.Link != null)
            Write(c.Link);
        if (writer.Failed)
            return -1;
        int count = writer.Length;
        uint checksum = Crc32.Compute(file, 0, count);
        for (int i = 0; i < DeviceConfiguration.ChecksumBytes; i++)
            file[count + i] = (byte)(checksum >> (8 * i));
        return count + DeviceConfiguration.ChecksumBytes;
    }

    private static int CountOf(DeviceConfiguration c)
    {
        int count = 11;
        object[] optional = { c.Fleet, c.Device, c.DeviceKey, c.PublisherKey, c.BrokerHost, c.Certificate, c.WifiName, c.Battery, c.Link };
        for (int i = 0; i < optional.Length; i++)
        {
            if (optional[i] != null)
                count++;
        }
        return count;
    }

    private void Write(SensorSettings settings)
    {
        _writer.WriteInteger(Key.Sensor);
        _writer.WriteMap(7 + (settings.DataPin >= 0 ? 1 : 0) + (settings.ClockPin >= 0 ? 1 : 0));
        Number(0, (int)settings.Kind);
        Number(1, settings.IntervalMilliseconds);
        Number(2, settings.PeriodMicroseconds);
        Number(3, settings.Channel);
        Number(4, settings.Address);
        Number(5, (int)settings.Chip);
        Number(6, settings.RangeG);
        Pin(7, settings.DataPin);
        Pin(8, settings.ClockPin);
    }

    private void Write(EnergySettings settings)
    {
        _writer.WriteInteger(Key.Energy);
        _writer.WriteMap(3);
        Number(0, settings.HysteresisPercent);
        Number(1, settings.RadioWindowMilliseconds);
        _writer.WriteInteger(2);
        _writer.WriteArray(settings.Levels.Length);
        foreach (EnergyLevel level in settings.Levels)
        {
            _writer.WriteArray(EnergyReader.LevelItems);
            _writer.WriteInteger(level.FromPercent);
            _writer.WriteInteger(level.IntervalMilliseconds);
            _writer.WriteInteger(level.RadioPeriodMilliseconds);
            _writer.WriteBool(level.RunsEconomyModel);
            _writer.WriteBool(level.SleepsDeeply);
        }
    }

    private void Write(BatterySettings settings)
    {
        _writer.WriteInteger(Key.Battery);
        _writer.WriteMap(4);
        Number(0, settings.Channel);
        Number(1, settings.EmptyMillivolts);
        Number(2, settings.FullMillivolts);
        Number(3, settings.ScaleMillivolts);
    }

    private void Write(LinkSettings settings)
    {
        _writer.WriteInteger(Key.Link);
        _writer.WriteMap(2 + (settings.TransmitPin >= 0 ? 1 : 0) + (settings.ReceivePin >= 0 ? 1 : 0));
        Text(0, settings.Port);
        Number(1, settings.BaudRate);
        Pin(2, settings.TransmitPin);
        Pin(3, settings.ReceivePin);
    }

    private void Number(int key, int value)
    {
        _writer.WriteInteger(key);
        _writer.WriteInteger(value);
    }

    private void Pin(int key, int pin)
    {
        if (pin >= 0)
            Number(key, pin);
    }

    private void Text(int key, string text)
    {
        if (text == null)
            return;
        _writer.WriteInteger(key);
        _writer.WriteText(text);
    }

    private void Bytes(int key, byte[] bytes)
    {
        if (bytes == null)
            return;
        _writer.WriteInteger(key);
        _writer.WriteBytes(bytes, 0, bytes.Length);
    }
}
