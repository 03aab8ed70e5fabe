namespace EdgeMl.Mcu.Bench.Flash;

/// <summary>Power failed at a storage operation: what runs on the device ends here, as nothing after this point was executed.</summary>
public sealed class PowerCutException : Exception
{
    /// <summary>Creates the exception.</summary>
    public PowerCutException()
        : base("power failed")
    {
    }
}
