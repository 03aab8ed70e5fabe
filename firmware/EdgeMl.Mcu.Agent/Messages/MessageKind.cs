namespace EdgeMl.Mcu.Agent.Messages;

/// <summary>What a message in the <see cref="Inbox"/> is, by its topic.</summary>
public enum MessageKind : byte
{
    /// <summary>No message.</summary>
    None = 0,

    /// <summary>What the device should run.</summary>
    Desired = 1,

    /// <summary>What the relay has stored.</summary>
    Acknowledgement = 2,

    /// <summary>A chunk of the blob that is being fetched.</summary>
    Chunk = 3,
}
