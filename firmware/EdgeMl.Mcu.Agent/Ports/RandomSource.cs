namespace EdgeMl.Mcu.Agent.Ports;

/// <summary>The port to random numbers that nobody can foresee: nonces are drawn from it.</summary>
public abstract class RandomSource
{
    /// <summary>Fills a range of a buffer.</summary>
    /// <param name="buffer">Takes the bytes.</param>
    /// <param name="offset">Its first place.</param>
    /// <param name="count">Number of bytes, 0 or more.</param>
    public abstract void Fill(byte[] buffer, int offset, int count);
}
