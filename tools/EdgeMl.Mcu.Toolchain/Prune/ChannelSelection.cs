using EdgeMl.Mcu.Toolchain.Calibrating;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Pruning;

/// <summary>The groups of channels that have been chosen, and what that does to each layer.</summary>
internal sealed class ChannelSelection
{
    private readonly Dictionary<Node, (LinearNode Layer, bool[] Outputs, bool[] Taps)> _kept;
    private readonly HashSet<ChannelGroup> _chosen = [];

    public ChannelSelection(IEnumerable<LinearNode> layers) =>
        _kept = layers.ToDictionary(layer => layer.Node, layer => (layer, AllTrue(layer.Outputs), AllTrue(layer.Taps)));

    /// <summary>Number of weights that are gone.</summary>
    public long Removed { get; private set; }

    /// <summary>Whether a group has been chosen.</summary>
    public bool Contains(ChannelGroup group) => _chosen.Contains(group);

    /// <summary>Whether every layer has an output left without a group.</summary>
    public bool CanRemove(ChannelGroup group) => group.Outputs.GroupBy(pair => pair.Layer.Node)
        .All(rows => _kept[rows.Key].Outputs.Count(kept => kept) > rows.Count());

    /// <summary>Chooses a group.</summary>
    public void Remove(ChannelGroup group)
    {
        _chosen.Add(group);
        foreach ((LinearNode layer, int output) in group.Outputs)
        {
            Removed += _kept[layer.Node].Taps.Count(kept => kept);
            _kept[layer.Node].Outputs[output] = false;
        }
        foreach ((LinearNode layer, int[] taps) in group.Inputs)
        {
            Removed += (long)taps.Length * _kept[layer.Node].Outputs.Count(kept => kept);
            foreach (int tap in taps)
                _kept[layer.Node].Taps[tap] = false;
        }
    }

    /// <summary>Number of weights that the removal of a group takes, beyond what is gone.</summary>
    public long Weights(ChannelGroup group) =>
        group.Outputs.Sum(pair => (long)_kept[pair.Layer.Node].Taps.Count(kept => kept))
        + group.Inputs.Sum(pair => (long)pair.Taps.Length * _kept[pair.Layer.Node].Outputs.Count(kept => kept));

    /// <summary>Which weights of a layer stay.</summary>
    public bool[][] Keep(LayerWeights weights)
    {
        (_, bool[] outputs, bool[] taps) = _kept[weights.Layer.Node];
        return [.. weights.NonZero().Select((row, output) => row.Select((isKept, tap) => isKept && outputs[output] && taps[tap]).ToArray())];
    }

    /// <summary>Outputs of a layer that are gone.</summary>
    public HashSet<int> RemovedOutputs(Node node) => [.. Enumerable.Range(0, _kept[node].Outputs.Length).Where(output => !_kept[node].Outputs[output])];

    /// <summary>Whether a layer has lost outputs or taps.</summary>
    public bool Touches(Node node) => _kept[node].Outputs.Contains(false) || _kept[node].Taps.Contains(false);

    /// <summary>What is left of each layer that has lost something.</summary>
    public IReadOnlyList<LayerChannels> Layers() =>
        [.. _kept.Where(pair => Touches(pair.Key)).Select(pair => new LayerChannels(pair.Key.Name, pair.Value.Outputs, pair.Value.Taps))];

    private static bool[] AllTrue(int count) => [.. Enumerable.Repeat(true, count)];
}
