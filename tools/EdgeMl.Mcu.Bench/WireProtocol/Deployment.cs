namespace EdgeMl.Mcu.Bench.WireProtocol;

/// <summary>Puts an application into a board's deployment region: erase, write, compare checksums, restart.</summary>
/// <remarks>A deployment that is cut off leaves a board without an application, never with half of one that runs: the CLR loads assemblies whose checksums are right. It is repeated from the begin.</remarks>
public sealed class Deployment
{
    private readonly IReadOnlyList<(uint Address, ReadOnlyMemory<byte> Data, int Alignment)> _writes;
    private readonly IReadOnlyList<(uint Address, int Bytes)> _sectors;

    private Deployment(IReadOnlyList<(uint Address, int Bytes)> sectors, IReadOnlyList<(uint Address, ReadOnlyMemory<byte> Data, int Alignment)> writes, IReadOnlyList<NanoAssemblyFile> assemblies)
    {
        _sectors = sectors;
        _writes = writes;
        Assemblies = assemblies;
        UsedBytes = writes.Sum(write => (long)write.Data.Length);
        LimitBytes = sectors.Sum(sector => (long)sector.Bytes);
    }

    /// <summary>What is deployed.</summary>
    public IReadOnlyList<NanoAssemblyFile> Assemblies { get; }

    /// <summary>Bytes of the assemblies.</summary>
    public long UsedBytes { get; }

    /// <summary>Bytes of the deployment region.</summary>
    public long LimitBytes { get; }

    /// <summary>Lays assemblies out over the deployment sectors.</summary>
    /// <param name="assemblies">The application.</param>
    /// <param name="flash">The board's flash.</param>
    /// <exception cref="BenchException"><see cref="BenchErrorCodes.DeploymentTooLarge"/>, with the sizes.</exception>
    public static Deployment Plan(IReadOnlyList<NanoAssemblyFile> assemblies, IReadOnlyList<FlashRange> flash)
    {
        FlashRange[] ranges = [.. flash.Where(range => range.IsDeployment)];
        (uint Address, int Bytes, int Alignment)[] sectors =
            [.. ranges.SelectMany(range => Enumerable.Range(0, range.Count).Select(i => (range.Address + (uint)(i * range.SectorBytes), range.SectorBytes, range.ProgramBytes)))];
        byte[] image = [.. assemblies.SelectMany(assembly => assembly.Bytes)];
        long limit = ranges.Sum(range => range.Bytes);
        if (image.Length > limit)
        {
            NanoAssemblyFile largest = assemblies.MaxBy(assembly => assembly.Bytes.Length)!;
            throw new BenchException(BenchErrorCodes.DeploymentTooLarge,
                $"The application has {image.Length:N0} bytes, {image.Length - limit:N0} more than the deployment region ({limit:N0}). The largest assembly is {largest.Name} with {largest.Bytes.Length:N0}.",
                "Leave out what is not used, take a smaller model, or keep the model out of the application: 'edgeml flash --model'.");
        }
        var writes = new List<(uint, ReadOnlyMemory<byte>, int)>();
        int done = 0;
        foreach ((uint address, int bytes, int alignment) in sectors)
        {
            int count = Math.Min(bytes, image.Length - done);
            if (count == 0)
                break;
            writes.Add((address, image.AsMemory(done, count), alignment));
            done += count;
        }
        return new Deployment([.. sectors.Select(sector => (sector.Address, sector.Bytes))], writes, assemblies);
    }

    /// <summary>Carries the plan out.</summary>
    /// <param name="client">The board.</param>
    /// <param name="progress">Told how many of how many steps are done: each byte to write and each byte to erase counts.</param>
    /// <param name="cancellationToken">Stops between two operations; the board then has no application.</param>
    /// <exception cref="BenchException"><see cref="BenchErrorCodes.FlashFailed"/> and those of <see cref="WireConnection.Request"/>.</exception>
    public void Run(WireClient client, Action<long, long>? progress, CancellationToken cancellationToken = default)
    {
        long total = LimitBytes + UsedBytes;
        long done = 0;
        client.Pause();
        foreach ((uint address, int bytes) in _sectors)
        {
            cancellationToken.ThrowIfCancellationRequested();
            client.Erase(address, bytes);
            done += bytes;
            progress?.Invoke(done, total);
        }
        foreach ((uint address, ReadOnlyMemory<byte> data, int alignment) in _writes)
        {
            cancellationToken.ThrowIfCancellationRequested();
            client.Write(address, data, alignment, count => progress?.Invoke(done += count, total));
            if (!client.Holds(address, data.Span))
                throw new BenchException(BenchErrorCodes.FlashFailed, $"{data.Length:N0} bytes at 0x{address:X8} read back as something else.", "Try again; if it fails at the same address, the flash is worn out or protected.");
        }
    }
}
