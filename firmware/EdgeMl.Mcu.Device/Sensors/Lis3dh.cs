namespace EdgeMl.Mcu.Device.Sensors;

/// <summary>STMicroelectronics LIS3DH or LIS2DH12 (data sheet DocID17530, revision 2), in high-resolution mode.</summary>
public sealed class Lis3dh : Accelerometer
{
    private const int WhoAmI = 0x0F;
    private const int Control1 = 0x20;
    private const int Control4 = 0x23;
    private const int Data = 0x28;

    private const int Identity = 0x33;

    // 400 Hz, all three axes.
    private const int Rate400 = 0x77;

    // No data of two samples mixed; 12 bits.
    private const int BlockUpdateHighResolution = 0x88;

    private const int NextRegister = 0x80;

    private readonly int _scale;
    private readonly float _gravity;

    /// <summary>Creates a driver.</summary>
    /// <param name="bus">Where the chip is, address 0x18 or 0x19.</param>
    /// <param name="rangeG">Full scale in g: 2, 4, 8 or 16.</param>
    public Lis3dh(RegisterBus bus, int rangeG)
        : base(bus)
    {
        _scale = rangeG == 16 ? 3 : rangeG == 8 ? 2 : rangeG == 4 ? 1 : 0;
        // Table 4 of the data sheet: 1, 2, 4 and 12 mg a digit.
        _gravity = (rangeG == 16 ? 12 : 1 << _scale) / 1_000f;
    }

    /// <inheritdoc/>
    public override bool Open()
    {
        return ReadIdentity(WhoAmI) == Identity && Bus.Write(Control1, Rate400) && Bus.Write(Control4, BlockUpdateHighResolution | (_scale << 4));
    }

    /// <inheritdoc/>
    public override bool Read(float[] values, int offset)
    {
        byte[] data = ReadData(Data | NextRegister);
        if (data == null)
            return false;
        // 12 bits stand at the upper end of 16.
        for (int axis = 0; axis < 3; axis++)
            values[offset + axis] = (Signed(data[(2 * axis) + 1], data[2 * axis]) >> 4) * _gravity;
        return true;
    }
}
