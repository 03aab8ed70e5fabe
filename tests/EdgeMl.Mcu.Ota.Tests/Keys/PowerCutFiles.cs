using EdgeMl.Mcu.Ota.Keys;

namespace EdgeMl.Mcu.Ota.Tests.Keys;

/// <summary>What becomes of bytes that were written but not flushed when the power goes.</summary>
public enum UnflushedBytes
{
    Lost,
    Torn,
    Kept,
}

/// <summary>The power goes at an operation.</summary>
public sealed class PowerCutException : Exception;

/// <summary>A file system in memory that keeps apart what is durable and what is not, and whose power can be cut at any operation.</summary>
internal sealed class PowerCutFiles : KeyFiles
{
    private readonly Dictionary<string, Node> _names;
    private readonly Dictionary<string, Node> _durableNames;
    private readonly List<(string Folder, Action<Dictionary<string, Node>> Apply)> _pending = [];

    public PowerCutFiles()
        : this([])
    {
    }

    private PowerCutFiles(Dictionary<string, Node> names)
    {
        _names = new(names);
        _durableNames = new(names);
    }

    /// <summary>Operations that have run.</summary>
    public int Operations { get; private set; }

    /// <summary>The operation before which the power goes.</summary>
    public int CutAt { get; set; } = int.MaxValue;

    /// <summary>Names that are not durable.</summary>
    public int PendingNames => _pending.Count;

    /// <summary>The file system after the power was gone.</summary>
    /// <param name="names">How many of the changes of names that were not durable have survived, in their order.</param>
    /// <param name="bytes">What became of contents that were not durable.</param>
    public PowerCutFiles Restart(int names, UnflushedBytes bytes)
    {
        var survived = new Dictionary<string, Node>(_durableNames);
        foreach ((_, Action<Dictionary<string, Node>> apply) in _pending.Take(names))
            apply(survived);
        return new PowerCutFiles(survived.ToDictionary(entry => entry.Key, entry => entry.Value.Survivor(bytes)));
    }

    public override byte[]? Read(string path) => _names.TryGetValue(path, out Node? node) ? node.Content : null;

    public override void Write(string path, byte[] content)
    {
        Step();
        var node = new Node(content);
        _names[path] = node;
        _pending.Add((Path.GetDirectoryName(path)!, names => names[path] = node));
    }

    public override void Flush(string path)
    {
        Step();
        _names[path].IsDurable = true;
    }

    public override void Rename(string from, string to)
    {
        Step();
        Move(_names);
        _pending.Add((Path.GetDirectoryName(to)!, Move));

        void Move(Dictionary<string, Node> names)
        {
            if (names.Remove(from, out Node? node))
                names[to] = node;
        }
    }

    public override void FlushFolder(string path)
    {
        Step();
        string folder = Path.GetDirectoryName(path)!;
        foreach ((_, Action<Dictionary<string, Node>> apply) in _pending.Where(entry => entry.Folder == folder))
            apply(_durableNames);
        _pending.RemoveAll(entry => entry.Folder == folder);
    }

    public override IDisposable Lock(string path) => new MemoryStream();

    private void Step()
    {
        if (Operations >= CutAt)
            throw new PowerCutException();
        Operations++;
    }

    private sealed class Node(byte[] content)
    {
        public byte[] Content { get; } = content;

        public bool IsDurable { get; set; }

        public Node Survivor(UnflushedBytes bytes)
        {
            byte[] content = IsDurable || bytes == UnflushedBytes.Kept ? Content : bytes == UnflushedBytes.Lost ? [] : Content[..(Content.Length / 2)];
            return new Node(content) { IsDurable = true };
        }
    }
}
