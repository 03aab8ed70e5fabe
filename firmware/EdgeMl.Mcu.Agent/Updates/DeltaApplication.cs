using EdgeMl.Mcu.Agent.Delta;
using EdgeMl.Mcu.Agent.Manifests;
using EdgeMl.Mcu.Agent.Storage;

namespace EdgeMl.Mcu.Agent.Updates;

/// <summary>Makes the new model from the running one and a delta in flash, a block at a time; each block is compared with the manifest's hash before it is written.</summary>
internal sealed class DeltaApplication
{
    private readonly AgentContext _agent;
    private readonly BlockCheck _hashes;
    private readonly DeltaDecoder _decoder = new DeltaDecoder();
    private Manifest _manifest;
    private int _block;

    internal DeltaApplication(AgentContext agent, BlockCheck hashes)
    {
        _agent = agent;
        _hashes = hashes;
    }

    /// <summary>Whether all blocks are written.</summary>
    internal bool IsComplete => _block == _manifest.ChunkCount;

    /// <summary>Opens the delta.</summary>
    /// <returns>False where it is damaged, or not for the running model or this manifest.</returns>
    internal bool Begin(Manifest manifest)
    {
        _manifest = manifest;
        _block = 0;
        var original = new FileSource(_agent.Store, Slots.ModelFile(_agent.Slots.Running));
        var delta = new FileSource(_agent.Store, StoreFile.Delta);
        return _decoder.Open(original, delta) == DeltaError.None && _decoder.TargetLength == manifest.Length;
    }

    /// <summary>Makes the next block.</summary>
    /// <returns>False where that is not possible: the delta is of no use.</returns>
    internal bool Step()
    {
        int length = _manifest.ChunkLength(_block);
        byte[] work = _agent.Work;
        if (!_decoder.Next(work, length) || !_hashes.Matches(_block, work, 0, length)
            || _agent.Slots.WriteModel(_block * _manifest.ChunkSize, work, 0, length) != AgentError.None)
        {
            return false;
        }
        _block++;
        return true;
    }
}
