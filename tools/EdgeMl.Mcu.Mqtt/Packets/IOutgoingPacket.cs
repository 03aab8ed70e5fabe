using System.Buffers;

namespace EdgeMl.Mcu.Mqtt.Packets;

/// <summary>A packet that can be sent.</summary>
internal interface IOutgoingPacket
{
    /// <summary>Writes the packet, fixed header included.</summary>
    void Write(IBufferWriter<byte> output);
}
