namespace EdgeMl.Mcu.Relay.Api;

/// <summary>Hexadecimal digits in requests.</summary>
internal static class Hex
{
    /// <summary>Reads them.</summary>
    /// <exception cref="RelayException"><see cref="RelayErrorCodes.BadRequest"/>.</exception>
    public static byte[] Read(string text, string name)
    {
        try
        {
            return Convert.FromHexString(text);
        }
        catch (FormatException exception)
        {
            throw new RelayException(RelayErrorCodes.BadRequest, $"{name} is not a row of hexadecimal digits.", statusCode: 400, innerException: exception);
        }
    }
}
