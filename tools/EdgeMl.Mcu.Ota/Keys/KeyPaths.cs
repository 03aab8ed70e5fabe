namespace EdgeMl.Mcu.Ota.Keys;

/// <summary>Where the files of a publisher key are.</summary>
/// <param name="Key">Full path of the private key file.</param>
/// <param name="MachineFolder">Full path of the folder of this machine's records, which is not the key's.</param>
public sealed record KeyPaths(string Key, string MachineFolder)
{
    /// <summary>Environment variable that names the folder of this machine's records.</summary>
    public const string MachineFolderVariable = "EDGEML_STATE";

    /// <summary>The first leaf that is free, and the successor.</summary>
    public string State => Key + ".state";

    /// <summary>The leaves that were reserved, a hash-chained line each.</summary>
    public string Log => Key + ".log";

    /// <summary>The public key file.</summary>
    public string PublicKey => Key + ".pub";

    /// <summary>The paths of a key file with this user's records: the folder that EDGEML_STATE names, or else <c>edgeml</c> in the user's local application data.</summary>
    /// <exception cref="OtaException"><c>ota.key-state-lost</c>: there is no such folder for this user.</exception>
    public static KeyPaths Of(string key)
    {
        string? folder = Environment.GetEnvironmentVariable(MachineFolderVariable);
        if (string.IsNullOrEmpty(folder))
        {
            string local = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
            folder = local.Length == 0
                ? throw new OtaException(OtaErrorCodes.KeyStateLost, "This user has no folder for local application data.", $"Set {MachineFolderVariable} to a folder of this machine that is kept.")
                : Path.Combine(local, "edgeml");
        }
        return new KeyPaths(Path.GetFullPath(key), Path.GetFullPath(folder));
    }

    /// <summary>This machine's record of a key.</summary>
    public string Record(string keyId) => Path.Combine(MachineFolder, "keys", keyId + ".json");

    /// <summary>The lock that whoever signs with a key holds.</summary>
    public string Lock(string keyId) => Path.Combine(MachineFolder, "keys", keyId + ".lock");
}
