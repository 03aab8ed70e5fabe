namespace EdgeMl.Mcu.Link;

/// <summary>Kinds of frames. An answer has the kind of its request and <see cref="Answer"/>; docs/link.md says the payloads.</summary>
public static class LinkKind
{
    /// <summary>Set in the kind of an answer.</summary>
    public const int Answer = 0x80;

    /// <summary>Who the device is, and the limits of its link.</summary>
    public const int Identify = 0x01;

    /// <summary>Name and version of one assembly.</summary>
    public const int Assembly = 0x02;

    /// <summary>The payload comes back.</summary>
    public const int Echo = 0x03;

    /// <summary>Time, memory, and what has been counted.</summary>
    public const int Counters = 0x04;

    /// <summary>Restart the device.</summary>
    public const int Reboot = 0x05;

    /// <summary>Begin to put a model or a file, or go on with it.</summary>
    public const int PutBegin = 0x10;

    /// <summary>One block of what is put.</summary>
    public const int PutBlock = 0x11;

    /// <summary>How far it is.</summary>
    public const int PutState = 0x12;

    /// <summary>Check the whole, and load the model or store the file.</summary>
    public const int PutCommit = 0x13;

    /// <summary>Which model the following requests are about, and what it needs.</summary>
    public const int Select = 0x20;

    /// <summary>Bytes of the model's inputs.</summary>
    public const int InputBlock = 0x21;

    /// <summary>Run the model once, and time it.</summary>
    public const int Run = 0x22;

    /// <summary>Bytes of the model's outputs.</summary>
    public const int OutputBlock = 0x23;

    /// <summary>Times of layers.</summary>
    public const int LayerBlock = 0x24;

    /// <summary>Run the model's self-test.</summary>
    public const int SelfTest = 0x25;

    /// <summary>A part of a sample for the application's sensor.</summary>
    public const int Feed = 0x30;
}
