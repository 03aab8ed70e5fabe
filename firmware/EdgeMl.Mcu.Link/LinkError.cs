namespace EdgeMl.Mcu.Link;

/// <summary>
/// Why a request of the bench link was not carried out. One byte on the wire; a value is never reused. Numbers up to 99 are <see cref="Runtime.Error"/>'s and those
/// from 101 <see cref="Agent.AgentError"/>'s, which a device answers where a model does not load.
/// </summary>
public enum LinkError : byte
{
    /// <summary>No error.</summary>
    None = 0,

    /// <summary>The frame is of another version of the protocol.</summary>
    Version = 201,

    /// <summary>The device does not know the kind of request.</summary>
    UnknownRequest = 202,

    /// <summary>The payload is shorter or longer than the request's, or a number in it is out of range.</summary>
    Format = 203,

    /// <summary>There is not enough free memory.</summary>
    OutOfMemory = 204,

    /// <summary>A block or a commit came without a begin; the device may have restarted.</summary>
    NoTransfer = 205,

    /// <summary>A block does not follow the last one. The answer says where to go on.</summary>
    Offset = 206,

    /// <summary>Not all bytes have come. The answer says where to go on.</summary>
    Incomplete = 207,

    /// <summary>The bytes that came, or those read back from the storage, are not those that were announced.</summary>
    Checksum = 208,

    /// <summary>There is no model to run.</summary>
    NoModel = 209,

    /// <summary>The agent has changed its model since it was selected.</summary>
    ModelChanged = 210,

    /// <summary>The board has no storage for files.</summary>
    NoFiles = 211,

    /// <summary>The name is not one that a file may have: 1 to 32 characters of A-Z a-z 0-9 . - _ that begin with a letter or digit.</summary>
    FileName = 212,

    /// <summary>The storage failed to create, write or read the file, or has no room for it.</summary>
    FileFailed = 213,

    /// <summary>The board or its application does not offer this.</summary>
    NotSupported = 214,

    /// <summary>The sensor has not taken the last sample yet.</summary>
    FeedBusy = 215,

    /// <summary>The device has restarted since the number in the request was said.</summary>
    Restarted = 216,
}
