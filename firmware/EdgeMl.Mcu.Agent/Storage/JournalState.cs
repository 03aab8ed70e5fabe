using System;
using EdgeMl.Mcu.Agent.Cbor;
using EdgeMl.Mcu.Runtime.Format;
using L = EdgeMl.Mcu.Agent.Storage.JournalLayout;

namespace EdgeMl.Mcu.Agent.Storage;

/// <summary>What the device remembers over reboots, in the form of one journal record. Changes are durable once <see cref="Journal.Commit"/> returned true.</summary>
public sealed class JournalState
{
    /// <summary>The record.</summary>
    internal byte[] Record { get; } = new byte[L.RecordBytes];

    /// <summary>Security epoch, 0 or more. It never goes back.</summary>
    public int Epoch { get => Int32(L.EpochOffset); internal set => SetInt32(L.EpochOffset, value); }

    /// <summary>The slot whose model the device runs unless it is damaged.</summary>
    public Slot Confirmed { get => (Slot)Record[L.ConfirmedOffset]; internal set => Record[L.ConfirmedOffset] = (byte)value; }

    /// <summary>The slot that waits for its trial or is in it.</summary>
    public Slot Pending { get => (Slot)Record[L.PendingOffset]; internal set => Record[L.PendingOffset] = (byte)value; }

    /// <summary>Trials of the pending slot that began, 0 to 255.</summary>
    public int Trials { get => Record[L.TrialsOffset]; internal set => Record[L.TrialsOffset] = (byte)value; }

    /// <summary>How the attempt <see cref="OutcomeAttempt"/> ended, or <see cref="Storage.Outcome.None"/> once the relay has acknowledged it.</summary>
    public Outcome Outcome { get => (Outcome)Record[L.OutcomeOffset]; internal set => Record[L.OutcomeOffset] = (byte)value; }

    /// <summary>Number of an <see cref="AgentError"/> or a <see cref="Runtime.Error"/>, 0 where the attempt succeeded.</summary>
    public int OutcomeError { get => Record[L.OutcomeErrorOffset]; internal set => Record[L.OutcomeErrorOffset] = (byte)value; }

    /// <summary>Attempt of the outcome.</summary>
    public int OutcomeAttempt { get => Int32(L.OutcomeAttemptOffset); internal set => SetInt32(L.OutcomeAttemptOffset, value); }

    /// <summary>Why the manifest that <see cref="CopyRefusedId"/> gives failed or was refused; 0: no manifest was.</summary>
    public int RefusedError { get => Record[L.RefusedErrorOffset]; internal set => Record[L.RefusedErrorOffset] = (byte)value; }

    /// <summary>Attempt that was refused last.</summary>
    public int RefusedAttempt { get => Int32(L.RefusedAttemptOffset); internal set => SetInt32(L.RefusedAttemptOffset, value); }

    /// <summary>Attempt that fills, tries or last changed a slot.</summary>
    public int Attempt { get => Int32(L.AttemptOffset); internal set => SetInt32(L.AttemptOffset, value); }

    /// <summary>Publisher keys that followed one another so far; the generation of the present one.</summary>
    public int KeyGeneration { get => Int32(L.KeyGenerationOffset); internal set => SetInt32(L.KeyGenerationOffset, value); }

    /// <summary>Whether there is a publisher key to verify with.</summary>
    public bool HasPublisherKey => !IsZero(L.PublicKeyOffset, L.PublicKeyBytes);

    internal int Sequence => Int32(L.SequenceOffset);

    /// <summary>State of a slot.</summary>
    /// <param name="slot">A or B.</param>
    public SlotState State(Slot slot)
    {
        return (SlotState)Record[L.SlotStatesOffset + IndexOf(slot)];
    }

    /// <summary>Security epoch of the model in a slot that is <see cref="SlotState.Proven"/>.</summary>
    /// <param name="slot">A or B.</param>
    public int SlotEpoch(Slot slot)
    {
        return Int32(L.SlotEpochsOffset + (IndexOf(slot) << 2));
    }

    /// <summary>Whether a slot holds, or is being filled with, what a manifest names.</summary>
    /// <param name="slot">A or B.</param>
    /// <param name="id">Buffer with the manifest id.</param>
    /// <param name="index">First byte of the id.</param>
    public bool Holds(Slot slot, byte[] id, int index)
    {
        return State(slot) != SlotState.Empty && AreEqual(IdOffset(slot), id, index, L.IdBytes);
    }

    /// <summary>Copies the manifest id of a slot.</summary>
    /// <param name="slot">A or B.</param>
    /// <param name="buffer">Where the 32 bytes go.</param>
    /// <param name="index">First of them.</param>
    public void CopyManifestId(Slot slot, byte[] buffer, int index)
    {
        Array.Copy(Record, IdOffset(slot), buffer, index, L.IdBytes);
    }

    /// <summary>Copies the wrapped model key of a slot.</summary>
    /// <param name="slot">A or B.</param>
    /// <param name="buffer">Where the 24 bytes go.</param>
    /// <param name="index">First of them.</param>
    /// <returns>False where the slot has none; nothing is copied then.</returns>
    public bool CopyWrappedKey(Slot slot, byte[] buffer, int index)
    {
        if (IsZero(KeyOffset(slot), L.WrappedKeyBytes))
            return false;
        Array.Copy(Record, KeyOffset(slot), buffer, index, L.WrappedKeyBytes);
        return true;
    }

    /// <summary>Copies the trusted publisher key.</summary>
    /// <param name="buffer">Where the 52 bytes go.</param>
    /// <param name="index">First of them.</param>
    public void CopyPublisherKey(byte[] buffer, int index)
    {
        Array.Copy(Record, L.PublicKeyOffset, buffer, index, L.PublicKeyBytes);
    }

    /// <summary>Copies the id of the manifest that failed or was refused last.</summary>
    /// <param name="buffer">Where the 32 bytes go.</param>
    /// <param name="index">First of them.</param>
    public void CopyRefusedId(byte[] buffer, int index)
    {
        Array.Copy(Record, L.RefusedIdOffset, buffer, index, L.IdBytes);
    }

    /// <summary>Writes the manifest id of a slot as a byte string.</summary>
    internal void WriteManifestId(Slot slot, CborWriter writer)
    {
        writer.WriteBytes(Record, IdOffset(slot), L.IdBytes);
    }

    /// <summary>Writes the id of the manifest that failed or was refused last as a byte string.</summary>
    internal void WriteRefusedId(CborWriter writer)
    {
        writer.WriteBytes(Record, L.RefusedIdOffset, L.IdBytes);
    }

    /// <summary>Whether this attempt was refused, or failed, with this manifest.</summary>
    /// <param name="id">Buffer with the manifest id.</param>
    /// <param name="index">First byte of the id.</param>
    /// <param name="attempt">The attempt.</param>
    public bool WasRefused(byte[] id, int index, int attempt)
    {
        return RefusedError != 0 && RefusedAttempt == attempt && AreEqual(L.RefusedIdOffset, id, index, L.IdBytes);
    }

    internal void SetState(Slot slot, SlotState state)
    {
        Record[L.SlotStatesOffset + IndexOf(slot)] = (byte)state;
    }

    internal void SetSlotEpoch(Slot slot, int epoch)
    {
        SetInt32(L.SlotEpochsOffset + (IndexOf(slot) << 2), epoch);
    }

    internal void SetManifestId(Slot slot, byte[] id, int index)
    {
        Array.Copy(id, index, Record, IdOffset(slot), L.IdBytes);
    }

    /// <summary>Sets the wrapped model key of a slot.</summary>
    /// <param name="slot">A or B.</param>
    /// <param name="key">24 bytes, or null for none.</param>
    internal void SetWrappedKey(Slot slot, byte[] key)
    {
        if (key == null)
            Array.Clear(Record, KeyOffset(slot), L.WrappedKeyBytes);
        else
            Array.Copy(key, 0, Record, KeyOffset(slot), L.WrappedKeyBytes);
    }

    internal bool HasWrappedKey(Slot slot, byte[] key)
    {
        return key == null ? IsZero(KeyOffset(slot), L.WrappedKeyBytes) : AreEqual(KeyOffset(slot), key, 0, L.WrappedKeyBytes);
    }

    internal void SetPublisherKey(byte[] key, int index)
    {
        Array.Copy(key, index, Record, L.PublicKeyOffset, L.PublicKeyBytes);
    }

    internal void SetRefused(byte[] id, int index, int attempt, int error)
    {
        Array.Copy(id, index, Record, L.RefusedIdOffset, L.IdBytes);
        RefusedAttempt = attempt;
        RefusedError = error;
    }

    internal void SetOutcome(Outcome outcome, int attempt, int error)
    {
        Outcome = outcome;
        OutcomeAttempt = attempt;
        OutcomeError = error;
    }

    /// <summary>Completes the record with magic, sequence number and checksum.</summary>
    internal void Seal(int sequence)
    {
        SetInt32(L.MagicOffset, L.Magic);
        SetInt32(L.SequenceOffset, sequence);
        SetInt32(L.ChecksumOffset, (int)Crc32.Compute(Record, 0, L.ChecksumOffset));
    }

    /// <summary>Whether the bytes are a record that was written as a whole.</summary>
    internal bool IsSealed()
    {
        return Int32(L.MagicOffset) == L.Magic && Sequence > 0 && Int32(L.ChecksumOffset) == (int)Crc32.Compute(Record, 0, L.ChecksumOffset);
    }

    private static int IndexOf(Slot slot)
    {
        return slot == Slot.B ? 1 : 0;
    }

    private static int IdOffset(Slot slot)
    {
        return L.ManifestIdsOffset + (IndexOf(slot) * L.IdBytes);
    }

    private static int KeyOffset(Slot slot)
    {
        return L.WrappedKeysOffset + (IndexOf(slot) * L.WrappedKeyBytes);
    }

    private bool AreEqual(int offset, byte[] other, int index, int count)
    {
        for (int i = 0; i < count; i++)
        {
            if (Record[offset + i] != other[index + i])
                return false;
        }
        return true;
    }

    private bool IsZero(int offset, int count)
    {
        for (int i = 0; i < count; i++)
        {
            if (Record[offset + i] != 0)
                return false;
        }
        return true;
    }

    private int Int32(int offset)
    {
        return BitConverter.ToInt32(Record, offset);
    }

    private void SetInt32(int offset, int value)
    {
        LittleEndian.WriteInt32(Record, offset, value);
    }
}
