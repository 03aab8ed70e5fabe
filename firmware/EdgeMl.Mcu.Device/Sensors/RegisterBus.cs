namespace EdgeMl.Mcu.Device.Sensors;

/// <summary>The port to a chip with byte-wide registers, on I2C. No member throws.</summary>
public abstract class RegisterBus
{
    /// <summary>Writes a register.</summary>
    /// <param name="register">Its address, 0 to 255.</param>
    /// <param name="value">What goes there, 0 to 255.</param>
    /// <returns>False where the chip does not answer.</returns>
    public abstract bool Write(int register, int value);

    /// <summary>Reads registers one after another, in one transfer.</summary>
    /// <param name="register">Address as the chip takes it; some have a bit that says to go on to the next register.</param>
    /// <param name="values">Takes the values, all of its places.</param>
    /// <returns>False where the chip does not answer.</returns>
    public abstract bool Read(int register, byte[] values);
}
