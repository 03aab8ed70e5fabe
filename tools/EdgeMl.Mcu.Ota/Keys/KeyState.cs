namespace EdgeMl.Mcu.Ota.Keys;

/// <summary>The state beside a key file.</summary>
/// <param name="Format">1.</param>
/// <param name="Key">Id of the key.</param>
/// <param name="Next">The first leaf that was never reserved.</param>
/// <param name="Successor">Public key that this key has signed, or is about to sign, as its successor, in hex; null for none.</param>
internal sealed record KeyState(int Format, string Key, int Next, string? Successor);

/// <summary>What a machine knows about a key, apart from the key's own files: the witness that tells an old state from the current one.</summary>
/// <param name="Format">1.</param>
/// <param name="Key">Id of the key.</param>
/// <param name="Path">Where the key file is.</param>
/// <param name="Next">The first leaf that was never reserved.</param>
/// <param name="Head">Hash of the last line of the log; of the line before the leaf that is being reserved, while <paramref name="IsSettled"/> is false.</param>
/// <param name="IsSettled">False while the last leaf is being reserved. Nothing is signed before it is true.</param>
internal sealed record MachineRecord(int Format, string Key, string Path, int Next, string Head, bool IsSettled);
