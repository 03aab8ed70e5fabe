namespace EdgeMl.Mcu.Bench.Link;

/// <summary>A failure of the bench link, with a code of <see cref="LinkErrorCodes"/> and a hint.</summary>
/// <param name="code">One of <see cref="LinkErrorCodes"/>.</param>
/// <param name="message">What happened, with the numbers.</param>
/// <param name="hint">What to do about it.</param>
/// <param name="status">Number that the device answered, or 0.</param>
/// <param name="innerException">What led to it, or null.</param>
public sealed class LinkException(string code, string message, string? hint, int status = 0, Exception? innerException = null) : BenchException(code, message, hint, innerException)
{
    /// <summary>Number that the device answered: of a <see cref="Runtime.Error"/>, an <see cref="Agent.AgentError"/> or a <see cref="Mcu.Link.LinkError"/>; 0 where it did not answer.</summary>
    public int Status { get; } = status;
}
