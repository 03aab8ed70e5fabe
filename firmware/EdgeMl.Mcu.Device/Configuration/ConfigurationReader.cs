using EdgeMl.Mcu.Agent;
using EdgeMl.Mcu.Agent.Cbor;
using EdgeMl.Mcu.Agent.Manifests;
using EdgeMl.Mcu.Agent.Messages;
using EdgeMl.Mcu.Runtime.Format;
using Key = EdgeMl.Mcu.Device.Configuration.ConfigurationKey;

namespace EdgeMl.Mcu.Device.Configuration;

/// <summary>Reads configuration files. Takes any bytes and never throws. Not thread-safe.</summary>
public sealed class ConfigurationReader
{
    private const int SizeMax = 64 * 1024 * 1024;

    private readonly CborReader _reader = new CborReader();
    private DeviceConfiguration _read;
    private bool _isInRange;

    /// <summary>Key of <see cref="ConfigurationKey"/> at which the last file failed; -1 where it was at none.</summary>
    public int FailedKey { get; private set; }

    /// <summary>Reads a file.</summary>
    /// <param name="file">Holds the file.</param>
    /// <param name="length">Its bytes, from the start of <paramref name="file"/>.</param>
    /// <param name="configuration">What the file says; null unless the result is <see cref="DeviceError.None"/>.</param>
    /// <returns>One of the errors of configurations, or <see cref="DeviceError.None"/>.</returns>
    public DeviceError Read(byte[] file, int length, out DeviceConfiguration configuration)
    {
        configuration = null;
        FailedKey = -1;
        if (length <= DeviceConfiguration.ChecksumBytes || length > DeviceConfiguration.FileBytesMax || length > file.Length)
            return DeviceError.ConfigurationLength;
        int count = length - DeviceConfiguration.ChecksumBytes;
        uint checksum = (uint)(file[count] | (file[count + 1] << 8) | (file[count + 2] << 16) | (file[count + 3] << 24));
        if (Crc32.Compute(file, 0, count) != checksum)
            return DeviceError.ConfigurationChecksum;
        _reader.Reset(file, 0, count);
        _read = new DeviceConfiguration();
        _isInRange = true;
        DeviceError error = ReadMap(file);
        if (error == DeviceError.None)
            configuration = _read;
        _read = null;
        return error;
    }

    private DeviceError ReadMap(byte[] file)
    {
        int pairs = _reader.ReadMap();
        int key = -1;
        for (int i = 0; i < pairs; i++)
        {
            key = _reader.ReadKey(key);
            if (i == 0 && !_reader.Failed && (key != Key.Format || _reader.ReadInteger() != DeviceConfiguration.Format))
                return _reader.Failed ? DeviceError.ConfigurationFormat : DeviceError.ConfigurationVersion;
            if (i > 0)
                ReadValue(key, file);
            if (!_reader.Failed && _isInRange)
                continue;
            FailedKey = key;
            return _reader.Failed ? DeviceError.ConfigurationFormat : DeviceError.ConfigurationValue;
        }
        if (!_reader.Finish())
            return DeviceError.ConfigurationFormat;
        return Complete();
    }

    /// <summary>What has no default must be there, and what is worth nothing alone must be together.</summary>
    private DeviceError Complete()
    {
        FailedKey = _read.Fleet == null ? Key.Fleet : _read.Device == null ? Key.Device : _read.DeviceKey == null ? Key.DeviceKey : _read.BrokerHost == null ? Key.BrokerHost : -1;
        return FailedKey < 0 ? DeviceError.None : DeviceError.ConfigurationIncomplete;
    }

    private void ReadValue(int key, byte[] file)
    {
        switch (key)
        {
            case Key.Fleet:
                _read.Fleet = Name();
                break;
            case Key.Device:
                _read.Device = Name();
                break;
            case Key.DeviceKey:
                _read.DeviceKey = Bytes(file, DeviceKeys.KeyBytes, DeviceKeys.KeyBytes);
                break;
            case Key.PublisherKey:
                _read.PublisherKey = Bytes(file, ManifestFormat.PublicKeyBytes, ManifestFormat.PublicKeyBytes);
                break;
            case Key.BrokerHost:
                _read.BrokerHost = Text(1, DeviceConfiguration.HostLengthMax);
                break;
            case Key.BrokerPort:
                _read.BrokerPort = Integer(1, 65_535);
                break;
            case Key.BrokerTls:
                _read.UsesTls = _reader.ReadBool();
                break;
            case Key.Certificate:
                _read.Certificate = Bytes(file, 1, DeviceConfiguration.CertificateBytesMax);
                break;
            case Key.WifiName:
                _read.WifiName = Text(1, DeviceConfiguration.WifiNameBytesMax);
                break;
            case Key.WifiPassword:
                _read.WifiPassword = Text(0, DeviceConfiguration.WifiPasswordBytesMax);
                break;
            default:
                ReadSetting(key);
                break;
        }
    }

    private void ReadSetting(int key)
    {
        switch (key)
        {
            case Key.Sensor:
                _isInRange &= new SensorReader(_read.Sensor).Read(_reader);
                break;
            case Key.Energy:
                _isInRange &= new EnergyReader(_read.Energy).Read(_reader);
                break;
            case Key.Battery:
                _read.Battery = new BatterySettings();
                _isInRange &= new BatteryReader(_read.Battery).Read(_reader);
                break;
            case Key.Link:
                _read.Link = new LinkSettings();
                _isInRange &= new LinkReader(_read.Link).Read(_reader);
                break;
            case Key.ModelRam:
                _read.ModelRamBytes = Integer(1_024, SizeMax);
                break;
            case Key.Slot:
                _read.SlotBytes = Integer(1_024, SizeMax);
                break;
            case Key.Page:
                _read.PageBytesMax = Integer(0, SizeMax);
                break;
            case Key.Poll:
                _read.PollMilliseconds = Integer(1_000, SensorSettings.IntervalMax);
                break;
            case Key.UpdateCharge:
                _read.UpdatePercentMin = Integer(0, 100);
                break;
            default:
                _reader.Skip();
                break;
        }
    }

    private string Name()
    {
        string name = Text(1, DeviceTopics.NameLengthMax);
        _isInRange &= DeviceTopics.IsName(name);
        return name;
    }

    private string Text(int least, int most)
    {
        // A text that is too long is a value out of range, not a broken file.
        string text = _reader.ReadText(DeviceConfiguration.FileBytesMax);
        int bytes = _reader.Position - _reader.DataOffset;
        _isInRange &= bytes >= least && bytes <= most;
        return text;
    }

    private byte[] Bytes(byte[] file, int least, int most)
    {
        int count = _reader.ReadBytes();
        _isInRange &= count >= least && count <= most;
        byte[] bytes = new byte[_isInRange ? count : 0];
        System.Array.Copy(file, _reader.DataOffset, bytes, 0, bytes.Length);
        return bytes;
    }

    private int Integer(int least, int most)
    {
        return SettingsReader.Integer(_reader, least, most, ref _isInRange);
    }
}
