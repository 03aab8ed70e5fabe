namespace EdgeMl.Mcu.Agent.Storage;

/// <summary>The files of a device's store. The numbers are fixed: a store survives an update of the application.</summary>
public static class StoreFile
{
    /// <summary>First copy of the journal.</summary>
    public const int Journal0 = 0;

    /// <summary>Second copy of the journal.</summary>
    public const int Journal1 = 1;

    /// <summary>Stored model of slot A.</summary>
    public const int ModelA = 2;

    /// <summary>Stored model of slot B.</summary>
    public const int ModelB = 3;

    /// <summary>Manifest blob of slot A.</summary>
    public const int ManifestA = 4;

    /// <summary>Manifest blob of slot B.</summary>
    public const int ManifestB = 5;

    /// <summary>Delta blob while it is downloaded and applied.</summary>
    public const int Delta = 6;

    /// <summary>One of two files of results that wait to be acknowledged.</summary>
    public const int Results0 = 7;

    /// <summary>The other one.</summary>
    public const int Results1 = 8;

    /// <summary>Number of files; they are numbered 0 to <c>Count - 1</c>.</summary>
    public const int Count = 9;
}
