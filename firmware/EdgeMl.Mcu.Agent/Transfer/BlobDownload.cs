using EdgeMl.Mcu.Agent.Cbor;
using EdgeMl.Mcu.Agent.Manifests;
using EdgeMl.Mcu.Agent.Storage;

namespace EdgeMl.Mcu.Agent.Transfer;

/// <summary>
/// Brings a blob into a file: finds what is there, asks for what is missing, and takes any missing chunk whose hash is right, asked for or not. It waits as long as
/// it takes. Allocates nothing once it has begun but a topic.
/// </summary>
public sealed class BlobDownload
{
    /// <summary>Chunks with a wrong hash after which a download fails.</summary>
    public const int DamagedMax = 16;

    private readonly FileStore _store;
    private readonly byte[] _work;
    private readonly AgentCounters _counters;
    private readonly ChunkRequests _requests;
    private readonly BlockMap _chunks;
    private readonly CborReader _reader;
    private BlockCheck _hashes;
    private int _file;
    private int _scanned;
    private int _scanEnd;
    private int _damaged;

    /// <summary>Creates a download that is idle.</summary>
    /// <param name="settings">Largest chunk and slot, from which the number of chunks follows.</param>
    /// <param name="store">Where blobs go.</param>
    /// <param name="requests">Asks for chunks.</param>
    /// <param name="work">Takes a chunk; shared with others between calls.</param>
    /// <param name="reader">Reads messages; shared with others between calls.</param>
    /// <param name="counters">Counts.</param>
    public BlobDownload(AgentSettings settings, FileStore store, ChunkRequests requests, byte[] work, CborReader reader, AgentCounters counters)
    {
        _reader = reader;
        _store = store;
        _requests = requests;
        _work = work;
        _counters = counters;
        _chunks = new BlockMap((settings.SlotBytes + ManifestFormat.ChunkBytesMin - 1) / ManifestFormat.ChunkBytesMin);
    }

    /// <summary>How far it is.</summary>
    public DownloadState State { get; private set; }

    /// <summary>Why it failed.</summary>
    public AgentError Error { get; private set; }

    /// <summary>Chunks that are in flash.</summary>
    public int Present => _chunks.Present;

    /// <summary>Chunks of the blob.</summary>
    public int Count => _chunks.Count;

    /// <summary>Begins with a blob.</summary>
    /// <param name="file">Where it goes.</param>
    /// <param name="id">Its SHA-256.</param>
    /// <param name="length">Its bytes, 1 or more.</param>
    /// <param name="chunkSize">Bytes of a chunk but the last.</param>
    /// <param name="hashes">Its chunks' hashes, which stay as they are until the download ends.</param>
    public void Begin(int file, byte[] id, int length, int chunkSize, BlockCheck hashes)
    {
        Stop();
        Error = AgentError.None;
        State = DownloadState.Scanning;
        _file = file;
        _hashes = hashes;
        _scanned = 0;
        _damaged = 0;
        if (chunkSize > _work.Length || !_chunks.Reset(length, chunkSize))
        {
            Fail(AgentError.OrderFormat);
            return;
        }
        _requests.Use(id, _chunks);
        int present = _store.Length(file);
        _scanEnd = present < length ? present : length;
        if (!_store.Open(file))
            Fail(AgentError.Storage);
    }

    /// <summary>Ends the download, if there is one; what is in flash stays.</summary>
    public void Stop()
    {
        _requests.Stop();
        State = DownloadState.Idle;
    }

    /// <summary>There is a new connection.</summary>
    public void OnConnection(long now)
    {
        if (State == DownloadState.Fetching)
            _requests.Start(now);
    }

    /// <summary>Compares one chunk in flash, or asks for chunks where it is time.</summary>
    public void Step(long now)
    {
        if (State == DownloadState.Fetching)
            _requests.Step(now);
        if (State != DownloadState.Scanning)
            return;
        if (_scanned < _chunks.Count && (_scanned * _chunks.BlockBytes) + _chunks.LengthOf(_scanned) <= _scanEnd)
        {
            ScanChunk(_scanned++);
            return;
        }
        if (_chunks.IsComplete)
        {
            State = DownloadState.Complete;
            return;
        }
        State = DownloadState.Fetching;
        _requests.Start(now);
    }

    /// <summary>Milliseconds until <see cref="Step"/> has something to do.</summary>
    public int Wait(long now)
    {
        return State == DownloadState.Scanning ? 0 : State == DownloadState.Fetching ? _requests.Wait(now) : Timing.Deadline.Never;
    }

    /// <summary>Takes a message of the blob's topic.</summary>
    public void OnChunk(byte[] data, int offset, int count, long now)
    {
        if (State != DownloadState.Fetching)
            return;
        _reader.Reset(data, offset, count);
        if (_reader.ReadArray() != 2)
            _reader.Fail();
        int index = _reader.ReadInteger(0, int.MaxValue);
        int length = _reader.ReadBytes();
        int start = _reader.DataOffset;
        if (!_reader.Finish() || index >= _chunks.Count || length != _chunks.LengthOf(index))
        {
            _counters.Malformed++;
            return;
        }
        if (!_chunks.IsPresent(index))
            Take(index, data, start, length, now);
    }

    private void Take(int index, byte[] data, int start, int length, long now)
    {
        if (!_hashes.Matches(index, data, start, length))
        {
            _counters.Damaged++;
            if (++_damaged == DamagedMax)
                Fail(AgentError.ChunkHash);
            return;
        }
        if (!_store.Write(_file, index * _chunks.BlockBytes, data, start, length) || !_store.Flush(_file))
        {
            Fail(AgentError.Storage);
            return;
        }
        _counters.Chunks++;
        _chunks.Add(index);
        _requests.OnChunk(index, now);
        if (!_chunks.IsComplete)
            return;
        _requests.Stop();
        State = DownloadState.Complete;
    }

    private void ScanChunk(int index)
    {
        int length = _chunks.LengthOf(index);
        if (_store.Read(_file, index * _chunks.BlockBytes, _work, 0, length) && _hashes.Matches(index, _work, 0, length))
            _chunks.Add(index);
    }

    private void Fail(AgentError error)
    {
        _requests.Stop();
        Error = error;
        State = DownloadState.Failed;
    }
}
