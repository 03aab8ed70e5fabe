using EdgeMl.Mcu.Agent.Storage;

namespace EdgeMl.Mcu.Device.Storage;

/// <summary>The store of a board without one: it is empty, and every write fails, so that an update is refused as <see cref="Agent.AgentError.Storage"/>.</summary>
public sealed class NoStore : FileStore
{
    /// <inheritdoc/>
    public override bool Open(int file)
    {
        return false;
    }

    /// <inheritdoc/>
    public override int Length(int file)
    {
        return -1;
    }

    /// <inheritdoc/>
    public override bool Read(int file, int offset, byte[] buffer, int index, int count)
    {
        return false;
    }

    /// <inheritdoc/>
    public override bool Write(int file, int offset, byte[] buffer, int index, int count)
    {
        return false;
    }

    /// <inheritdoc/>
    public override bool Flush(int file)
    {
        return false;
    }

    /// <inheritdoc/>
    public override bool Close(int file)
    {
        return true;
    }

    /// <inheritdoc/>
    public override bool Delete(int file)
    {
        return false;
    }
}
