namespace EdgeMl.Mcu.Agent.Storage;

/// <summary>
/// Byte offsets in a journal record. A record is <see cref="RecordBytes"/> long and holds the whole state; numbers are little-endian; bytes from
/// <see cref="ReservedOffset"/> to <see cref="ChecksumOffset"/> are zero.
/// </summary>
public static class JournalLayout
{
    /// <summary>Bytes of a record.</summary>
    public const int RecordBytes = 256;

    /// <summary>Records in one copy; the next one is the first of the other copy. 16 records of 256 bytes fill a flash page of 4 KiB.</summary>
    public const int RecordsPerCopy = 16;

    /// <summary>Most bytes of one copy.</summary>
    public const int CopyBytes = RecordBytes * RecordsPerCopy;

    /// <summary>Bytes of a manifest id.</summary>
    public const int IdBytes = 32;

    /// <summary>Bytes of a publisher's public key.</summary>
    public const int PublicKeyBytes = Manifests.ManifestFormat.PublicKeyBytes;

    /// <summary>Bytes of a model key under AES-KW.</summary>
    public const int WrappedKeyBytes = 24;

    /// <summary>Value of the field at <see cref="MagicOffset"/>: "EMJ1".</summary>
    public const int Magic = 0x314A4D45;

    /// <summary>4 bytes: <see cref="Magic"/>.</summary>
    public const int MagicOffset = 0;

    /// <summary>int32, 1 or more: each record has a higher one than all written before it.</summary>
    public const int SequenceOffset = 4;

    /// <summary>int32, 0 or more: security epoch.</summary>
    public const int EpochOffset = 8;

    /// <summary>uint8, <see cref="Slot"/>: the confirmed slot.</summary>
    public const int ConfirmedOffset = 12;

    /// <summary>uint8, <see cref="Slot"/>: the slot that waits for its trial or is in it.</summary>
    public const int PendingOffset = 13;

    /// <summary>uint8: trials of the pending slot that began.</summary>
    public const int TrialsOffset = 14;

    /// <summary>uint8, <see cref="Outcome"/>: how the last attempt ended, until the relay has acknowledged it.</summary>
    public const int OutcomeOffset = 15;

    /// <summary>uint8, <see cref="AgentError"/> or <see cref="Runtime.Error"/>: error of that outcome.</summary>
    public const int OutcomeErrorOffset = 16;

    /// <summary>uint8, <see cref="AgentError"/> or <see cref="Runtime.Error"/>: why the manifest at <see cref="RefusedIdOffset"/> failed or was refused; 0: none.</summary>
    public const int RefusedErrorOffset = 17;

    /// <summary>2 × uint8, <see cref="SlotState"/>: of slot A and of slot B.</summary>
    public const int SlotStatesOffset = 18;

    /// <summary>int32: attempt that fills, tries or last changed a slot.</summary>
    public const int AttemptOffset = 20;

    /// <summary>int32: attempt of the outcome.</summary>
    public const int OutcomeAttemptOffset = 24;

    /// <summary>int32: attempt of the last refused manifest.</summary>
    public const int RefusedAttemptOffset = 28;

    /// <summary>int32, 0 or more: generation of the publisher key.</summary>
    public const int KeyGenerationOffset = 32;

    /// <summary>2 × int32: security epoch of the model in slot A and in slot B, where it is <see cref="SlotState.Proven"/>; else 0.</summary>
    public const int SlotEpochsOffset = 36;

    /// <summary><see cref="PublicKeyBytes"/> bytes: the trusted publisher key, HSS encoding; all zero: none.</summary>
    public const int PublicKeyOffset = 44;

    /// <summary>2 × <see cref="IdBytes"/> bytes: manifest ids of slot A and of slot B.</summary>
    public const int ManifestIdsOffset = 96;

    /// <summary><see cref="IdBytes"/> bytes: id of the manifest that failed or was refused last.</summary>
    public const int RefusedIdOffset = 160;

    /// <summary>2 × <see cref="WrappedKeyBytes"/> bytes: wrapped model keys of slot A and of slot B; all zero: the model is not encrypted.</summary>
    public const int WrappedKeysOffset = 192;

    /// <summary>First byte of those that are zero.</summary>
    public const int ReservedOffset = 240;

    /// <summary>uint32: CRC-32 of all bytes before.</summary>
    public const int ChecksumOffset = 252;
}
