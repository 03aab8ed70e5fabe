using System.Collections.Immutable;
using EdgeMl.Mcu.Agent;
using EdgeMl.Mcu.Agent.Cbor;
using EdgeMl.Mcu.Agent.Manifests;

namespace EdgeMl.Mcu.Ota.Manifests;

/// <summary>The labels of a manifest, which devices do not keep.</summary>
internal static class ManifestLabels
{
    private const int LabelsKey = 14;

    /// <summary>Reads the labels of a blob that the device's reader has accepted.</summary>
    public static ImmutableSortedDictionary<string, string> Read(byte[] blob, Manifest fields)
    {
        var item = new SignedItem();
        item.Read(new MemorySource(blob), 0, fields.HashesOffset);
        var reader = new CborReader();
        reader.Reset(blob, item.PayloadOffset, item.PayloadLength);
        ImmutableSortedDictionary<string, string>.Builder labels = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        int key = -1;
        for (int pairs = reader.ReadMap(); pairs > 0 && key < LabelsKey; pairs--)
        {
            key = reader.ReadKey(key);
            if (key != LabelsKey)
            {
                reader.Skip();
                continue;
            }
            for (int count = reader.ReadMap(); count > 0; count--)
            {
                string name = reader.ReadText(ManifestFormat.MaxPayloadBytes);
                labels[name] = reader.ReadText(ManifestFormat.MaxPayloadBytes);
            }
        }
        return labels.ToImmutable();
    }
}
