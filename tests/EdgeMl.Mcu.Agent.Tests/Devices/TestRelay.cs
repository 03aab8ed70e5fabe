using System.Security.Cryptography;
using EdgeMl.Mcu.Agent.Cbor;
using EdgeMl.Mcu.Agent.Messages;

namespace EdgeMl.Mcu.Agent.Tests.Devices;

/// <summary>The least of a relay that serves one device: answers hello with the order, requests with chunks, and acknowledges status and results.</summary>
internal sealed class TestRelay
{
    public const string Fleet = "factory";

    private readonly Action<string, byte[]> _publish;
    private readonly DeviceTopics _topics;
    private readonly Envelope _envelope = new();
    private readonly Dictionary<string, (byte[] Bytes, int ChunkSize)> _blobs = [];
    private readonly CborReader _reader = new();
    private byte[] _nonce = [];
    private byte[] _challenge = [];
    private long _sequence;
    private TestOrder _order = new(Model: null);

    public TestRelay(string device, byte[] deviceKey, Action<string, byte[]> publish, int attempt = 0)
    {
        _publish = publish;
        Attempt = attempt;
        _topics = new DeviceTopics(Fleet, device);
        byte[] key = DeviceKeys.Derive(deviceKey, DeviceKeys.MessageLabel);
        _envelope.SetKey(key, 0, key.Length);
    }

    public DeviceTopics Topics => _topics;

    public int Attempt { get; private set; }

    public List<TestStatus> Statuses { get; } = [];

    /// <summary>Outcomes by attempt; each came at least once.</summary>
    public Dictionary<int, TestStatus> Outcomes { get; } = [];

    /// <summary>Results by sequence number.</summary>
    public SortedDictionary<long, byte[]> Results { get; } = [];

    public int Hellos { get; private set; }

    public byte[] LastHello { get; private set; } = [];

    public int ChunksSent { get; private set; }

    public bool IsAcknowledging { get; set; } = true;

    /// <summary>Changes chunks on their way.</summary>
    public Func<string, byte[], byte[]>? Tamper { get; set; }

    /// <summary>Gives an order.</summary>
    public void Order(TestOrder order)
    {
        _order = order;
        Attempt++;
        SendDesired();
    }

    /// <summary>Serves a blob.</summary>
    public void Serve(byte[] bytes, int chunkSize) => _blobs[Convert.ToHexStringLower(SHA256.HashData(bytes)[..DeviceTopics.BlobNameBytes])] = (bytes, chunkSize);

    /// <summary>Serves a message of the device.</summary>
    public void Receive(string topic, byte[] payload)
    {
        if (topic == _topics.Request)
            OnRequest(payload);
        else if (_envelope.Open(topic, payload, 0, payload.Length))
            OnBody(topic, payload.AsSpan(_envelope.Offset, _envelope.Length).ToArray());
        else
            Assert.Fail($"{topic}: the envelope does not open");
    }

    /// <summary>Seals a body and sends it.</summary>
    public void Send(string topic, byte[] body) => _publish(topic, Seal(topic, body));

    public byte[] Seal(string topic, byte[] body)
    {
        byte[] buffer = [.. new byte[Envelope.HeadBytesMax], .. body, .. new byte[Envelope.TailBytes]];
        _envelope.Seal(topic, buffer, Envelope.HeadBytesMax, body.Length);
        return buffer.AsSpan(_envelope.Offset, _envelope.Length).ToArray();
    }

    /// <summary>The body of the present order, with the next sequence number.</summary>
    public byte[] Desired() => TestBodies.Desired(_order, _nonce, ++_sequence, _challenge, Attempt);

    public void SendDesired()
    {
        if (_order.Model is { } model)
        {
            Serve(model.Manifest, _order.ChunkSize);
            Serve(model.Stored, 256);
        }
        if (_order.Delta is { } delta)
            Serve(delta.Delta, _order.ChunkSize);
        if (_nonce.Length > 0)
            Send(_topics.Desired, Desired());
    }

    private void OnBody(string topic, byte[] body)
    {
        _reader.Reset(body, 0, body.Length);
        if (topic == _topics.Hello)
            OnHello(body);
        else if (topic == _topics.Status)
            OnStatus(body);
        else if (topic == _topics.Result)
            OnResult(body);
        else
            Assert.Fail(topic);
    }

    private void OnHello(byte[] body)
    {
        Hellos++;
        LastHello = body;
        _reader.ReadMap();
        Assert.Equal(0, _reader.ReadKey(-1));
        Assert.Equal(1, _reader.ReadInteger());
        Assert.Equal(1, _reader.ReadKey(0));
        var nonce = new byte[8];
        Assert.True(_reader.ReadBytes(nonce, 0, 8));
        if (!nonce.SequenceEqual(_nonce))
        {
            _nonce = nonce;
            _challenge = SHA256.HashData(nonce)[..8];
        }
        SendDesired();
    }

    private void OnStatus(byte[] body)
    {
        TestStatus status = TestStatus.Read(body);
        if (!IsFresh(status.Nonce, status.Challenge))
            return;
        Statuses.Add(status);
        bool isOutcome = status.State >= 6;
        bool isNews = isOutcome && status.Attempt == Attempt && (!Outcomes.TryGetValue(status.Attempt, out TestStatus? known) || known.State != status.State);
        if (isOutcome)
            Outcomes[status.Attempt] = status;
        Acknowledge(status.Sequence);
        if (isNews && status.State > 6 && _order.IsRetried)
            Order(_order);
    }

    private void OnResult(byte[] body)
    {
        _reader.ReadMap();
        _reader.ReadKey(-1);
        var nonce = new byte[8];
        var challenge = new byte[8];
        _reader.ReadBytes(nonce, 0, 8);
        _reader.ReadKey(0);
        _reader.ReadBytes(challenge, 0, 8);
        _reader.ReadKey(1);
        int count = _reader.ReadArray();
        Assert.InRange(count, 1, 23);
        for (int i = 0; i < count; i++)
        {
            int start = _reader.Position;
            _reader.Skip();
            byte[] record = body[start.._reader.Position];
            long sequence = TestBodies.SequenceOf(record);
            if (!Results.TryAdd(sequence, record))
                Assert.Equal(Results[sequence], record);
        }
        Assert.True(_reader.Finish());
        if (IsFresh(nonce, challenge))
            Acknowledge(0);
    }

    private void Acknowledge(long status)
    {
        if (IsAcknowledging)
            Send(_topics.Acknowledgement, TestBodies.Acknowledgement(_nonce, ++_sequence, status, StoredWithoutGap()));
    }

    // Results before the first that came were given up by the device, or forgotten by this relay's predecessor.
    private long StoredWithoutGap() => Results.Count == 0 ? 0 : Results.Keys.Last();

    private bool IsFresh(byte[] nonce, byte[] challenge) => nonce.SequenceEqual(_nonce) && challenge.SequenceEqual(_challenge);

    private void OnRequest(byte[] payload)
    {
        _reader.Reset(payload, 0, payload.Length);
        Assert.Equal(3, _reader.ReadArray());
        var name = new byte[DeviceTopics.BlobNameBytes];
        Assert.True(_reader.ReadBytes(name, 0, name.Length));
        int first = _reader.ReadInteger(0, int.MaxValue);
        long mask = _reader.ReadInteger();
        Assert.True(_reader.Finish());
        string hex = Convert.ToHexStringLower(name);
        if (!_blobs.TryGetValue(hex, out (byte[] Bytes, int ChunkSize) blob))
            return;
        for (int i = 0; i < 32; i++)
        {
            int start = (first + i) * blob.ChunkSize;
            if ((mask >> i & 1) == 0 || start >= blob.Bytes.Length)
                continue;
            byte[] chunk = TestBodies.Chunk(first + i, blob.Bytes.AsSpan(start, Math.Min(blob.ChunkSize, blob.Bytes.Length - start)).ToArray());
            string topic = _topics.Chunk(name, 0);
            ChunksSent++;
            _publish(topic, Tamper?.Invoke(hex, chunk) ?? chunk);
        }
    }
}
