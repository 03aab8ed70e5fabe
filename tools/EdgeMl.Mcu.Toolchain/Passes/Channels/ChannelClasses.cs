using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Passes.Channels;

/// <summary>Channels that can only stay or go together, across tensors: disjoint sets, and which of them must stay.</summary>
internal sealed class ChannelClasses
{
    private readonly Dictionary<Tensor, int> _first = [];
    private readonly List<int> _parent = [];
    private readonly List<bool> _isKept = [];

    /// <summary>The tensors whose channels are in the sets.</summary>
    public IEnumerable<Tensor> Tensors => _first.Keys;

    /// <summary>Takes up a tensor, each channel a set of its own that may go.</summary>
    public void Add(Tensor tensor)
    {
        if (!_first.TryAdd(tensor, _parent.Count))
            return;
        for (int channel = 0; channel < tensor.Channels(); channel++)
        {
            _parent.Add(_parent.Count);
            _isKept.Add(false);
        }
    }

    /// <summary>Whether a tensor has been taken up.</summary>
    public bool Contains(Tensor tensor) => _first.ContainsKey(tensor);

    /// <summary>Joins the sets of two channels.</summary>
    public void Join(Tensor a, int channelA, Tensor b, int channelB)
    {
        int rootA = Root(a, channelA);
        int rootB = Root(b, channelB);
        if (rootA == rootB)
            return;
        _isKept[rootB] |= _isKept[rootA];
        _parent[rootA] = rootB;
    }

    /// <summary>A number that the channels of a set have in common; it changes when sets are joined.</summary>
    public int SetOf(Tensor tensor, int channel) => Root(tensor, channel);

    /// <summary>Whether the channels of a set (<see cref="SetOf"/>) must stay.</summary>
    public bool IsSetKept(int set) => _isKept[set];

    /// <summary>Whether the channel must stay.</summary>
    public bool IsKept(Tensor tensor, int channel) => _isKept[Root(tensor, channel)];

    /// <summary>Which channels of a tensor must stay.</summary>
    public bool[] Kept(Tensor tensor) => [.. Enumerable.Range(0, tensor.Channels()).Select(channel => IsKept(tensor, channel))];

    /// <summary>Makes a channel stay, and all that go with it; true where it did not before.</summary>
    public bool Keep(Tensor tensor, int channel)
    {
        int root = Root(tensor, channel);
        bool isNew = !_isKept[root];
        _isKept[root] = true;
        return isNew;
    }

    /// <summary>Makes all channels of a tensor stay.</summary>
    public void KeepAll(Tensor tensor)
    {
        for (int channel = 0; channel < tensor.Channels(); channel++)
            Keep(tensor, channel);
    }

    private int Root(Tensor tensor, int channel)
    {
        int index = _first[tensor] + channel;
        while (_parent[index] != index)
        {
            _parent[index] = _parent[_parent[index]];
            index = _parent[index];
        }
        return index;
    }
}
