using EdgeMl.Mcu.Agent.Storage;

namespace EdgeMl.Mcu.Bench.Tests.Flash;

internal sealed class StoredModelCheck : SlotCheck
{
    public override bool IsWhole(FileStore store, Slot slot, byte[] manifestId) =>
        StoredModel.IsWhole(store.ReadAll(Slots.ManifestFile(slot)), store.ReadAll(Slots.ModelFile(slot)), manifestId);
}

/// <summary>Compares blocks with 16-byte hashes that lie one after another.</summary>
internal sealed class ListedBlocks(byte[] hashes, int offset) : BlockCheck
{
    public override bool Matches(int block, byte[] buffer, int index, int count) =>
        StoredModel.HashOf(buffer[index..(index + count)]).AsSpan().SequenceEqual(hashes.AsSpan(offset + (16 * block), 16));
}
