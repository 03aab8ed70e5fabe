using System.Text.Json;

namespace EdgeMl.Mcu.Ota.Keys;

/// <summary>
/// Which leaves of a key are used up. It is kept three times: in the state and in the log beside the key file, and in a record of this machine. To reserve a leaf,
/// the record says which one is being reserved, then log and state take it, then the record says that this is settled, each step durable before the next. So after a power
/// cut at most that leaf is lost, and every state of the files that no power cut can have left is refused. The caller holds the key's lock.
/// </summary>
internal sealed class LeafLedger
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly KeyFiles _files;
    private readonly KeyPaths _paths;
    private readonly string _keyId;

    public LeafLedger(KeyFiles files, KeyPaths paths, string keyId)
    {
        _files = files;
        _paths = paths;
        _keyId = keyId;
    }

    /// <summary>Writes the files of a key that has signed nothing.</summary>
    public void Create()
    {
        WriteRecord(new MachineRecord(1, _keyId, _paths.Key, 0, _keyId, IsSettled: true));
        _files.Replace(_paths.Log, []);
        WriteState(new KeyState(1, _keyId, 0, null));
    }

    /// <summary>Reads the state and finishes a reservation that was cut off, so that its leaf is given up.</summary>
    /// <exception cref="OtaException"><c>ota.key-state-lost</c>, <c>ota.key-state-old</c>, <c>ota.key-state-damaged</c> or <c>ota.key-copied</c>.</exception>
    public LedgerSnapshot Open()
    {
        MachineRecord record = ReadRecord();
        KeyState state = Read<KeyState>(_paths.State) ?? throw Lost($"The state '{_paths.State}' is missing");
        SignatureLog log = SignatureLog.TryRead(_files.Read(_paths.Log) ?? throw Lost($"The log '{_paths.Log}' is missing"), _keyId)
            ?? throw Damaged($"The log '{_paths.Log}' is damaged: a line does not follow from the one before.");
        if (state.Format != 1 || state.Key != _keyId || state.Next < 0)
            throw Damaged($"The state '{_paths.State}' is of another key or version.");
        Compare(record, state, log);
        if (!record.IsSettled)
            (log, state) = Settle(record.Next, log, state, "", state.Successor);
        return new LedgerSnapshot(log, state.Successor);
    }

    /// <summary>Reserves the next leaf.</summary>
    /// <param name="snapshot">What <see cref="Open"/> gave.</param>
    /// <param name="messageHash">SHA-256 of what is to be signed, in hex.</param>
    /// <param name="successor">Public key that is to be signed as the successor, in hex, or what the state says.</param>
    /// <returns>The leaf, which is never given again.</returns>
    public int Reserve(LedgerSnapshot snapshot, string messageHash, string? successor)
    {
        int leaf = snapshot.Next;
        WriteRecord(new MachineRecord(1, _keyId, _paths.Key, leaf + 1, snapshot.Log.Head, IsSettled: false));
        Settle(leaf + 1, snapshot.Log, new KeyState(1, _keyId, leaf, snapshot.Successor), messageHash, successor);
        return leaf;
    }

    private (SignatureLog Log, KeyState State) Settle(int next, SignatureLog log, KeyState state, string messageHash, string? successor)
    {
        if (log.Entries.Count < next)
        {
            log = log.With(messageHash, DateTimeOffset.UtcNow);
            _files.Replace(_paths.Log, log.Bytes);
        }
        if (state.Next < next)
        {
            state = new KeyState(1, _keyId, next, successor);
            WriteState(state);
        }
        WriteRecord(new MachineRecord(1, _keyId, _paths.Key, next, log.Head, IsSettled: true));
        return (log, state);
    }

    /// <summary>Refuses whatever a signer that was cut off at any point cannot have left.</summary>
    private static void Compare(MachineRecord record, KeyState state, SignatureLog log)
    {
        int lines = log.Entries.Count;
        int least = record.IsSettled ? record.Next : record.Next - 1;
        if (state.Next < least || lines < least)
            throw new OtaException(
                OtaErrorCodes.KeyStateOld,
                $"The state of the key is older than this machine has seen: it says leaf {Math.Min(state.Next, lines)}, the machine's record says {record.Next}.",
                "Put the current state back. If it is gone for good, make a new key and provision devices with it.");
        if (state.Next > record.Next || lines > record.Next)
            throw Copied($"Leaf {Math.Max(state.Next, lines) - 1} was used elsewhere: this machine's record of the key knows of {record.Next} leaves.");
        string head = record.IsSettled || lines == least ? log.Head : log.Entries[least].Previous;
        if (head != record.Head)
            throw Copied("The log of the key is not the one that this machine wrote: a copy has signed with the same leaves.");
        if (state.Next > lines)
            throw Damaged($"The state says that {state.Next} leaves are used, the log has {lines}.");
    }

    private MachineRecord ReadRecord()
    {
        string path = _paths.Record(_keyId);
        MachineRecord record = Read<MachineRecord>(path)
            ?? throw new OtaException(
                OtaErrorCodes.KeyStateLost,
                $"This machine has no record of the key {_keyId} ('{path}'): it was made on another machine or by another user, or the record is gone.",
                $"Sign where the key was made, or set {KeyPaths.MachineFolderVariable} to the folder that has the record.");
        if (record.Format != 1 || record.Key != _keyId || record.Next < 0 || record.Path is null || record.Head is null)
            throw Damaged($"The record '{path}' is of another key or version.");
        // A key file that was moved leaves nothing behind; its copy leaves the original.
        if (record.Path != _paths.Key && (_files.Read(record.Path) is not null || _files.Read((_paths with { Key = record.Path }).State) is not null))
            throw Copied($"'{_paths.Key}' is a copy: this machine signs with '{record.Path}'.");
        return record;
    }

    private T? Read<T>(string path)
        where T : class
    {
        byte[]? content = _files.Read(path);
        if (content is null)
            return null;
        try
        {
            return JsonSerializer.Deserialize<T>(content, Json) ?? throw Damaged($"'{path}' is empty.");
        }
        catch (JsonException)
        {
            throw Damaged($"'{path}' is damaged.");
        }
    }

    private void WriteState(KeyState state) => _files.Replace(_paths.State, JsonSerializer.SerializeToUtf8Bytes(state, Json));

    private void WriteRecord(MachineRecord record) => _files.Replace(_paths.Record(record.Key), JsonSerializer.SerializeToUtf8Bytes(record, Json));

    private static OtaException Lost(string what) =>
        new(OtaErrorCodes.KeyStateLost, $"{what}: which leaves of the key were used is not known.", "Put the current file back. If it is gone for good, make a new key and provision devices with it.");

    private static OtaException Damaged(string message) =>
        new(OtaErrorCodes.KeyStateDamaged, message, "Put the current files back. If they are gone for good, make a new key and provision devices with it.");

    private static OtaException Copied(string message) => new(OtaErrorCodes.KeyCopied, message, "Use the original. Two copies of a key that sign with the same leaf give the key away.");
}

/// <summary>What a ledger knew when it was opened.</summary>
internal sealed record LedgerSnapshot(SignatureLog Log, string? Successor)
{
    /// <summary>The leaf to be reserved next.</summary>
    public int Next => Log.Entries.Count;
}
