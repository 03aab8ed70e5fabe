namespace EdgeMl.Mcu.Mqtt.Topics;

/// <summary>Values by topic filter, found by topic name; or values by topic name, found by topic filter.</summary>
/// <remarks>
/// Not thread-safe. Searches recurse once a level, so whoever adds paths bounds their levels. A search visits no node twice.
/// </remarks>
internal sealed class TopicTree<TValue> where TValue : class
{
    private readonly Node _root = new();

    /// <summary>How many paths have a value.</summary>
    public int Count { get; private set; }

    /// <summary>The value of exactly this path, or null.</summary>
    public TValue? Find(ReadOnlySpan<char> path)
    {
        Node? node = _root;
        for (bool goesOn = true; goesOn && node is not null;)
            node = node.Child(TopicFilter.TakeLevel(ref path, out goesOn));
        return node?.Value;
    }

    /// <summary>Sets the value of a path and gives the value it had.</summary>
    public TValue? Set(ReadOnlySpan<char> path, TValue value)
    {
        Node node = _root;
        for (bool goesOn = true; goesOn;)
            node = node.AddChild(TopicFilter.TakeLevel(ref path, out goesOn));
        TValue? previous = node.Value;
        node.Value = value;
        Count += previous is null ? 1 : 0;
        return previous;
    }

    /// <summary>Removes the value of a path and gives it.</summary>
    public TValue? Remove(ReadOnlySpan<char> path)
    {
        TValue? removed = Remove(_root, path, goesOn: true);
        Count -= removed is null ? 0 : 1;
        return removed;
    }

    /// <summary>Adds the values of all filters that select a topic name.</summary>
    public void FindFilters(ReadOnlySpan<char> topic, List<TValue> found) =>
        FindFilters(_root, topic, goesOn: true, withWildcards: !TopicName.IsReserved(topic), found);

    /// <summary>Adds the values of all topic names that a filter selects.</summary>
    public void FindTopics(ReadOnlySpan<char> filter, List<TValue> found) => FindTopics(_root, filter, goesOn: true, found);

    private static TValue? Remove(Node node, ReadOnlySpan<char> path, bool goesOn)
    {
        if (!goesOn)
        {
            TValue? removed = node.Value;
            node.Value = null;
            return removed;
        }
        ReadOnlySpan<char> level = TopicFilter.TakeLevel(ref path, out goesOn);
        if (node.Child(level) is not { } child)
            return null;
        TValue? value = Remove(child, path, goesOn);
        if (child.IsEmpty)
            node.RemoveChild(level);
        return value;
    }

    private static void FindFilters(Node node, ReadOnlySpan<char> topic, bool goesOn, bool withWildcards, List<TValue> found)
    {
        if (withWildcards)
            Add(node.Child(TopicFilter.MultiLevel), found);
        if (!goesOn)
        {
            Add(node, found);
            return;
        }
        ReadOnlySpan<char> level = TopicFilter.TakeLevel(ref topic, out goesOn);
        if (node.Child(level) is { } same)
            FindFilters(same, topic, goesOn, withWildcards: true, found);
        if (withWildcards && node.Child(TopicFilter.SingleLevel) is { } any)
            FindFilters(any, topic, goesOn, withWildcards: true, found);
    }

    private void FindTopics(Node node, ReadOnlySpan<char> filter, bool goesOn, List<TValue> found)
    {
        if (!goesOn)
        {
            Add(node, found);
            return;
        }
        ReadOnlySpan<char> level = TopicFilter.TakeLevel(ref filter, out goesOn);
        if (level is not (TopicFilter.MultiLevel or TopicFilter.SingleLevel))
        {
            if (node.Child(level) is { } same)
                FindTopics(same, filter, goesOn, found);
            return;
        }
        bool isMultiLevel = level is TopicFilter.MultiLevel;
        if (isMultiLevel)
            Add(node, found);
        foreach ((string name, Node child) in node.Children)
        {
            if (node == _root && TopicName.IsReserved(name))
                continue;
            if (isMultiLevel)
                FindTopics(child, level, goesOn: true, found);
            else
                FindTopics(child, filter, goesOn, found);
        }
    }

    private static void Add(Node? node, List<TValue> found)
    {
        if (node?.Value is { } value)
            found.Add(value);
    }

    private sealed class Node
    {
        private static readonly Dictionary<string, Node> None = new(StringComparer.Ordinal);
        private Dictionary<string, Node>? _children;

        public TValue? Value { get; set; }

        public bool IsEmpty => Value is null && (_children is null || _children.Count == 0);

        public Dictionary<string, Node> Children => _children ?? None;

        public Node? Child(ReadOnlySpan<char> level) =>
            _children is not null && _children.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(level, out Node? child) ? child : null;

        public Node AddChild(ReadOnlySpan<char> level)
        {
            if (Child(level) is { } existing)
                return existing;
            var child = new Node();
            (_children ??= new(StringComparer.Ordinal)).Add(level.ToString(), child);
            return child;
        }

        public void RemoveChild(ReadOnlySpan<char> level) => _children?.GetAlternateLookup<ReadOnlySpan<char>>().Remove(level);
    }
}
