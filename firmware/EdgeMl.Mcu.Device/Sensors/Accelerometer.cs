namespace EdgeMl.Mcu.Device.Sensors;

/// <summary>Acceleration along three axes in g.</summary>
public abstract class Accelerometer : SampleSource
{
    private readonly byte[] _identity = new byte[1];
    private readonly byte[] _data = new byte[6];

    /// <summary>Creates a driver.</summary>
    /// <param name="bus">Where the chip is.</param>
    protected Accelerometer(RegisterBus bus)
    {
        Bus = bus;
    }

    /// <inheritdoc/>
    public override int Channels => 3;

    /// <summary>Where the chip is.</summary>
    protected RegisterBus Bus { get; }

    /// <summary>Reads the register that says which chip it is.</summary>
    /// <returns>Its value; -1 where no chip answers.</returns>
    protected int ReadIdentity(int register)
    {
        return Bus.Read(register, _identity) ? _identity[0] : -1;
    }

    /// <summary>Reads the six data registers.</summary>
    /// <returns>The bytes, until the next call; null where the chip does not answer.</returns>
    protected byte[] ReadData(int register)
    {
        return Bus.Read(register, _data) ? _data : null;
    }

    /// <summary>A signed number of 16 bits.</summary>
    protected static int Signed(int high, int low)
    {
        return (short)((high << 8) | low);
    }
}
