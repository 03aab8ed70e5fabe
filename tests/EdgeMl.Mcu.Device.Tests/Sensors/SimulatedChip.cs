using EdgeMl.Mcu.Device.Sensors;

namespace EdgeMl.Mcu.Device.Tests.Sensors;

/// <summary>A chip's registers, with what was written to them.</summary>
internal sealed class SimulatedChip : RegisterBus
{
    public byte[] Registers { get; } = new byte[256];

    public List<(int Register, int Value)> Writes { get; } = [];

    /// <summary>Whether the chip is on the bus.</summary>
    public bool Answers { get; set; } = true;

    /// <summary>A bit of a register's address that is no part of it.</summary>
    public int AddressMask { get; init; } = 0xFF;

    public override bool Write(int register, int value)
    {
        if (!Answers)
            return false;
        Writes.Add((register, value));
        Registers[register] = (byte)value;
        return true;
    }

    public override bool Read(int register, byte[] values)
    {
        // Without the bit a chip that has one gives the same register again and again.
        bool steps = AddressMask == 0xFF || (register & ~AddressMask) != 0;
        for (int i = 0; i < values.Length; i++)
            values[i] = Registers[(register & AddressMask) + (steps ? i : 0)];
        return Answers;
    }
}
