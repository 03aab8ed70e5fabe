namespace EdgeMl.Mcu.Device.Sensors;

/// <summary>InvenSense MPU-6050, MPU-6500 or MPU-9250 (MPU-6000/MPU-6050 Register Map, RM-MPU-6000A-00, revision 4.2).</summary>
public sealed class Mpu6050 : Accelerometer
{
    private const int SampleRateDivider = 0x19;
    private const int Configuration = 0x1A;
    private const int AccelerometerConfiguration = 0x1C;
    private const int Data = 0x3B;
    private const int PowerManagement1 = 0x6B;
    private const int WhoAmI = 0x75;

    private const int Identity6050 = 0x68;
    private const int Identity6500 = 0x70;
    private const int Identity9250 = 0x71;

    // The gyroscope's oscillator as clock, and no sleep, in which the chip is after power-on.
    private const int Awake = 0x01;

    // Bandwidth 94 Hz; the output rate is 1 kHz then.
    private const int LowPass94 = 2;

    private readonly int _scale;

    /// <summary>Creates a driver.</summary>
    /// <param name="bus">Where the chip is, address 0x68 or 0x69.</param>
    /// <param name="rangeG">Full scale in g: 2, 4, 8 or 16.</param>
    public Mpu6050(RegisterBus bus, int rangeG)
        : base(bus)
    {
        _scale = rangeG == 16 ? 3 : rangeG == 8 ? 2 : rangeG == 4 ? 1 : 0;
    }

    /// <inheritdoc/>
    public override bool Open()
    {
        int identity = ReadIdentity(WhoAmI);
        return (identity == Identity6050 || identity == Identity6500 || identity == Identity9250)
            && Bus.Write(PowerManagement1, Awake)
            && Bus.Write(Configuration, LowPass94)
            && Bus.Write(SampleRateDivider, 0)
            && Bus.Write(AccelerometerConfiguration, _scale << 3);
    }

    /// <inheritdoc/>
    public override bool Read(float[] values, int offset)
    {
        byte[] data = ReadData(Data);
        if (data == null)
            return false;
        for (int axis = 0; axis < 3; axis++)
            values[offset + axis] = Signed(data[2 * axis], data[(2 * axis) + 1]) / (float)(16_384 >> _scale);
        return true;
    }
}
