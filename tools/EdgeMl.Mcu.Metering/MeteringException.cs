namespace EdgeMl.Mcu.Metering;

/// <summary>An assembly cannot be metered, or a metered program has no such type or method.</summary>
public sealed class MeteringException : Exception
{
    /// <summary>Creates the exception with one line that names what was found.</summary>
    public MeteringException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
