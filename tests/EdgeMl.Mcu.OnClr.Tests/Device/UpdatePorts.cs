using System;
using EdgeMl.Mcu.Agent.Cbor;
using EdgeMl.Mcu.Agent.Messages;
using EdgeMl.Mcu.Agent.Ports;
using EdgeMl.Mcu.Agent.Storage;

namespace EdgeMl.Mcu.OnClr;

/// <summary>Files in arrays that are as large as the files may become: the slots, beside which an update is measured.</summary>
public sealed class ArrayStore : FileStore
{
    private readonly byte[][] _files = new byte[StoreFile.Count][];
    private readonly int[] _lengths = new int[StoreFile.Count];

    public ArrayStore(int slotBytes)
    {
        for (int i = 0; i < StoreFile.Count; i++)
        {
            bool isSlot = i == StoreFile.ModelA || i == StoreFile.ModelB;
            _files[i] = new byte[isSlot ? slotBytes : 6000];
            _lengths[i] = -1;
        }
    }

    public override bool Open(int file)
    {
        if (_lengths[file] < 0)
            _lengths[file] = 0;
        return true;
    }

    public override int Length(int file)
    {
        return _lengths[file];
    }

    public override bool Read(int file, int offset, byte[] buffer, int index, int count)
    {
        UpdateHeap.Sample();
        if (offset + count > _lengths[file])
            return false;
        Array.Copy(_files[file], offset, buffer, index, count);
        return true;
    }

    public override bool Write(int file, int offset, byte[] buffer, int index, int count)
    {
        UpdateHeap.Sample();
        if (_lengths[file] < 0 || offset + count > _files[file].Length)
            return false;
        Array.Copy(buffer, index, _files[file], offset, count);
        if (offset + count > _lengths[file])
            _lengths[file] = offset + count;
        return true;
    }

    public override bool Flush(int file)
    {
        UpdateHeap.Sample();
        return _lengths[file] >= 0;
    }

    public override bool Close(int file)
    {
        return true;
    }

    public override bool Delete(int file)
    {
        _lengths[file] = -1;
        return true;
    }
}

/// <summary>A broker and a relay in one: answers hello with the order and requests with chunks.</summary>
public sealed class RelayLink : DeviceLink
{
    private const int BlobsMax = 6;

    private readonly DeviceTopics _topics;
    private readonly Envelope _envelope = new Envelope();
    private readonly CborReader _reader = new CborReader();
    private readonly CborWriter _writer = new CborWriter();
    private readonly byte[] _message = new byte[5000];
    private readonly byte[] _nonce = new byte[Session.NonceBytes];
    private readonly byte[][] _ids = new byte[BlobsMax][];
    private readonly byte[][] _blobs = new byte[BlobsMax][];
    private readonly int _chunkBytes;
    private byte[] _order;
    private int _pairs;
    private string _chunkTopic;
    private bool _connected;
    private bool _saidHello;
    private byte[] _wanted;
    private int _first;
    private uint _mask;
    private int _sequence;

    /// <param name="topics">The device's topics.</param>
    /// <param name="messageKey">Key of its envelopes.</param>
    /// <param name="chunkBytes">Bytes of a chunk of any blob.</param>
    public RelayLink(DeviceTopics topics, byte[] messageKey, int chunkBytes)
    {
        _topics = topics;
        _envelope.SetKey(messageKey, 0, messageKey.Length);
        _chunkBytes = chunkBytes;
    }

    /// <summary>Serves a blob, at a place of its own.</summary>
    public void Serve(int place, byte[] id, byte[] blob)
    {
        _ids[place] = id;
        _blobs[place] = blob;
    }

    /// <summary>Gives an order, now or to the next hello.</summary>
    /// <param name="order">All of it behind the challenge.</param>
    /// <param name="pairs">Keys in it.</param>
    public void Order(byte[] order, int pairs)
    {
        _order = order;
        _pairs = pairs;
        _saidHello = _connected;
    }

    public override int Connection => _connected ? 1 : 0;

    public override void Connect()
    {
        _connected = true;
    }

    public override bool Subscribe(string filter, int quality)
    {
        if (filter != _topics.DownFilter)
            _chunkTopic = filter;
        return true;
    }

    public override bool Unsubscribe(string filter)
    {
        return true;
    }

    public override bool Publish(string topic, byte[] buffer, int offset, int count, int quality)
    {
        UpdateHeap.Sample();
        if (topic == _topics.Request)
        {
            _reader.Reset(buffer, offset, count);
            _reader.ReadArray();
            _reader.ReadBytes(DeviceTopics.BlobNameBytes);
            _wanted = Blob(buffer, _reader.DataOffset);
            _first = _reader.ReadInteger(0, 10_000);
            _mask = (uint)_reader.ReadInteger();
        }
        else if (topic == _topics.Hello && _envelope.Open(topic, buffer, offset, count))
        {
            _reader.Reset(buffer, _envelope.Offset, _envelope.Length);
            _reader.ReadMap();
            _reader.ReadKey(-1);
            _reader.ReadInteger();
            _reader.ReadKey(0);
            _saidHello = _reader.ReadBytes(_nonce, 0, _nonce.Length);
        }
        return true;
    }

    /// <summary>Sends what the device has asked for.</summary>
    public void Deliver()
    {
        if (_saidHello)
        {
            _saidHello = false;
            SendOrder();
        }
        for (int i = 0; i < 32; i++)
        {
            if ((_mask & (1u << i)) != 0)
                SendChunk(_first + i);
        }
        _mask = 0;
    }

    private byte[] Blob(byte[] name, int offset)
    {
        for (int i = 0; i < BlobsMax; i++)
        {
            if (_ids[i] != null && _ids[i][0] == name[offset] && _ids[i][1] == name[offset + 1])
                return _blobs[i];
        }
        return null;
    }

    private void SendOrder()
    {
        _writer.Reset(_message, Envelope.HeadBytesMax, _message.Length - Envelope.HeadBytesMax - Envelope.TailBytes);
        _writer.WriteMap(3 + _pairs);
        _writer.WriteInteger(0);
        _writer.WriteBytes(_nonce, 0, _nonce.Length);
        _writer.WriteInteger(1);
        _writer.WriteInteger(++_sequence);
        _writer.WriteInteger(2);
        _writer.WriteBytes(_nonce, 0, _nonce.Length);
        _writer.WriteEncoded(_order, 0, _order.Length);
        _envelope.Seal(_topics.Desired, _message, Envelope.HeadBytesMax, _writer.Length);
        Inbox.Add(_topics.Desired, _message, _envelope.Offset, _envelope.Length);
    }

    private void SendChunk(int index)
    {
        byte[] blob = _wanted;
        int offset = index * _chunkBytes;
        int count = blob.Length - offset < _chunkBytes ? blob.Length - offset : _chunkBytes;
        _writer.Reset(_message, 0, _message.Length);
        _writer.WriteArray(2);
        _writer.WriteInteger(index);
        _writer.WriteBytes(blob, offset, count);
        Inbox.Add(_chunkTopic, _message, 0, _writer.Length);
    }
}

/// <summary>A clock that the program sets.</summary>
public sealed class SteppedClock : DeviceClock
{
    private long _milliseconds;

    public override long Milliseconds => _milliseconds;

    public void Advance(int milliseconds)
    {
        _milliseconds += milliseconds;
    }
}

/// <summary>Numbers that need not be random: nobody attacks this program.</summary>
public sealed class CountingRandom : RandomSource
{
    private byte _next;

    public override void Fill(byte[] buffer, int offset, int count)
    {
        for (int i = 0; i < count; i++)
            buffer[offset + i] = ++_next;
    }
}

/// <summary>The health of a board on mains.</summary>
public sealed class MainsHealth : BoardHealth
{
    public override int FreeMemoryBytes => 100_000;

    public override int BatteryPercent => NoBattery;
}
