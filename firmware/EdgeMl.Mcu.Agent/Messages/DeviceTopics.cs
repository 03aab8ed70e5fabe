namespace EdgeMl.Mcu.Agent.Messages;

/// <summary>The topics of one device. Those that every received message is compared with are kept; the others are made when they are asked for.</summary>
public sealed class DeviceTopics
{
    /// <summary>Most characters of a fleet's or a device's name.</summary>
    public const int NameLengthMax = 32;

    /// <summary>Bytes of a blob's hash that name its chunk topic and its requests.</summary>
    public const int BlobNameBytes = 16;

    private const string Root = "edgeml/";
    private const string Up = "/up/";
    private const string Down = "/down/";
    private const string HexDigits = "0123456789abcdef";

    private readonly string _fleet;
    private readonly string _device;

    /// <summary>Makes the topics.</summary>
    /// <param name="fleet">Fleet, see <see cref="IsName"/>.</param>
    /// <param name="device">Device, see <see cref="IsName"/>.</param>
    public DeviceTopics(string fleet, string device)
    {
        _fleet = fleet;
        _device = device;
        Desired = Of(Down, "desired");
        Acknowledgement = Of(Down, "ack");
    }

    /// <summary>Uplink: who the device is.</summary>
    public string Hello => Of(Up, "hello");

    /// <summary>Uplink: progress and outcome of an update, health.</summary>
    public string Status => Of(Up, "status");

    /// <summary>Uplink: which chunks are missing.</summary>
    public string Request => Of(Up, "request");

    /// <summary>Uplink: inference results.</summary>
    public string Result => Of(Up, "result");

    /// <summary>The will.</summary>
    public string Offline => Of(Up, "offline");

    /// <summary>Downlink: what the device should run.</summary>
    public string Desired { get; }

    /// <summary>Downlink: what the relay has stored.</summary>
    public string Acknowledgement { get; }

    /// <summary>Filter of all downlink topics of the device.</summary>
    public string DownFilter => Of(Down, "+");

    /// <summary>The topic of a blob's chunks.</summary>
    /// <param name="id">SHA-256 of the blob.</param>
    /// <param name="offset">Where it begins.</param>
    public string Chunk(byte[] id, int offset)
    {
        return Root + _fleet + "/chunk/" + Hex(id, offset, BlobNameBytes);
    }

    /// <summary>Lower-case hexadecimal digits of bytes.</summary>
    /// <param name="data">Holds the bytes.</param>
    /// <param name="offset">The first.</param>
    /// <param name="count">Number of bytes.</param>
    public static string Hex(byte[] data, int offset, int count)
    {
        var text = new char[count << 1];
        for (int i = 0; i < count; i++)
        {
            int value = data[offset + i];
            text[i << 1] = HexDigits[value >> 4];
            text[(i << 1) + 1] = HexDigits[value & 15];
        }
        return new string(text);
    }

    /// <summary>Whether a text may name a fleet or a device: 1 to 32 characters of a-z 0-9 - _ of which the first is a letter or digit.</summary>
    public static bool IsName(string text)
    {
        if (text == null || text.Length < 1 || text.Length > NameLengthMax)
            return false;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            bool isAlphanumeric = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
            if (!isAlphanumeric && (i == 0 || (c != '-' && c != '_')))
                return false;
        }
        return true;
    }

    private string Of(string direction, string kind)
    {
        return Root + _fleet + direction + _device + "/" + kind;
    }
}
