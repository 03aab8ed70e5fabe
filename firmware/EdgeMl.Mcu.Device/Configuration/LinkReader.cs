using EdgeMl.Mcu.Agent.Cbor;

namespace EdgeMl.Mcu.Device.Configuration;

/// <summary>Reads the serial port of the bench link.</summary>
internal sealed class LinkReader : SettingsReader
{
    private readonly LinkSettings _settings;

    internal LinkReader(LinkSettings settings)
    {
        _settings = settings;
    }

    /// <inheritdoc/>
    protected override bool ReadValue(CborReader reader, int key)
    {
        switch (key)
        {
            case 0:
                _settings.Port = reader.ReadText(DeviceConfiguration.FileBytesMax);
                break;
            case 1:
                _settings.BaudRate = Integer(reader, 9_600, 3_000_000);
                break;
            case 2:
                _settings.TransmitPin = Integer(reader, 0, 255);
                break;
            case 3:
                _settings.ReceivePin = Integer(reader, 0, 255);
                break;
            default:
                return false;
        }
        return true;
    }

    /// <inheritdoc/>
    protected override bool AreValid()
    {
        return _settings.Port.Length >= 1 && _settings.Port.Length <= LinkSettings.PortLengthMax;
    }
}
