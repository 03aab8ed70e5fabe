namespace EdgeMl.Mcu.Bench.WireProtocol;

/// <summary>Puts an application into a board's deployment region: compare, erase, write, compare.</summary>
/// <remarks>
/// The CLR loads what has right checksums, wherever in the region it finds it, and starts the program only if no reference is open. All sectors that differ, those behind the
/// application included, are therefore erased before the first is written: old and new assemblies are never there together. A deployment that is cut off leaves a board that
/// runs nothing and answers; the next one finds the sectors that are right and does the rest.
/// </remarks>
public sealed class Deployment
{
    private const int AttemptsMax = 2;

    private readonly IReadOnlyList<DeploymentSector> _sectors;
    private List<DeploymentSector>? _changed;

    private Deployment(IReadOnlyList<DeploymentSector> sectors, IReadOnlyList<NanoAssemblyFile> assemblies)
    {
        _sectors = sectors;
        Assemblies = assemblies;
        UsedBytes = sectors.Sum(sector => (long)sector.Data.Length);
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
        byte[] image = [.. assemblies.SelectMany(assembly => assembly.Bytes)];
        long limit = ranges.Sum(range => range.Bytes);
        if (image.Length > limit)
        {
            NanoAssemblyFile largest = assemblies.MaxBy(assembly => assembly.Bytes.Length)!;
            throw new BenchException(BenchErrorCodes.DeploymentTooLarge,
                $"The application has {image.Length:N0} bytes, {image.Length - limit:N0} more than the deployment region ({limit:N0}); nothing was changed. The largest assembly is {largest.Name} with {largest.Bytes.Length:N0}.",
                "Leave out what is not used, take a smaller model, or keep the model out of the application: 'edgeml flash --model'.");
        }
        var sectors = new List<DeploymentSector>();
        int done = 0;
        foreach (FlashRange range in ranges)
        {
            for (int i = 0; i < range.Count; i++)
            {
                int count = Math.Min(range.SectorBytes, image.Length - done);
                sectors.Add(new DeploymentSector(range.Address + (uint)(i * range.SectorBytes), range.SectorBytes, range.ProgramBytes, image.AsMemory(done, count)));
                done += count;
            }
        }
        return new Deployment(sectors, assemblies);
    }

    /// <summary>Asks the board for the checksums of all sectors. Changes nothing, and the program may run.</summary>
    /// <returns>Sectors that differ.</returns>
    public int Compare(WireClient client, CancellationToken cancellationToken = default)
    {
        _changed = [];
        foreach (DeploymentSector sector in _sectors)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!client.Holds(sector.Address, sector.Image()))
                _changed.Add(sector);
        }
        return _changed.Count;
    }

    /// <summary>Carries the plan out on the sectors that differ. The CLR must be stopped.</summary>
    /// <param name="client">The board.</param>
    /// <param name="progress">Told how many of how many steps are done: each byte to write and each byte to erase counts.</param>
    /// <param name="cancellationToken">Stops between two operations; the board then has no application.</param>
    /// <exception cref="BenchException"><see cref="BenchErrorCodes.FlashFailed"/> and those of <see cref="WireConnection.Request"/>; the message says in what state the board is.</exception>
    public DeploymentResult Run(WireClient client, Action<long, long>? progress, CancellationToken cancellationToken = default)
    {
        if (_changed is null)
            Compare(client, cancellationToken);
        List<DeploymentSector> changed = _changed!;
        _changed = null;
        var steps = new Steps(changed.Sum(sector => (long)sector.Bytes + sector.Data.Length), progress);
        DeploymentSector[] writes = [.. changed.Where(sector => sector.Data.Length > 0)];
        int right = 0;
        int repeated = 0;
        try
        {
            foreach (DeploymentSector sector in changed)
            {
                cancellationToken.ThrowIfCancellationRequested();
                client.Erase(sector.Address, sector.Bytes);
                steps.Add(sector.Bytes);
            }
            foreach (DeploymentSector sector in writes)
            {
                if (Write(client, sector, steps, cancellationToken))
                    repeated++;
                right++;
            }
        }
        catch (BenchException e)
        {
            throw new BenchException(e.Code, $"{e.Message} The board has no application to start now: {right} of {writes.Length} sectors to write are right.",
                $"Run the same command again: it goes on behind the sectors that are right. {e.Hint}", e);
        }
        return new DeploymentResult(_sectors.Count, _sectors.Count - changed.Count, changed.Count, writes.Length, repeated);
    }

    /// <summary>Writes a sector that is erased, and once more where it is wrong then.</summary>
    /// <returns>Whether it was written twice.</returns>
    private static bool Write(WireClient client, DeploymentSector sector, Steps steps, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            long before = steps.Done;
            try
            {
                client.Write(sector.Address, sector.Data, sector.Alignment, count =>
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    steps.Add(count);
                });
                if (client.Holds(sector.Address, sector.Data.Span))
                    return attempt > 1;
                throw new BenchException(BenchErrorCodes.FlashFailed, $"{sector.Data.Length:N0} bytes at 0x{sector.Address:X8} read back as something else.", "If it fails again at the same address, the flash is worn out or protected.");
            }
            catch (BenchException e) when (e.Code == BenchErrorCodes.FlashFailed && attempt < AttemptsMax)
            {
                steps.Return(before);
                client.Erase(sector.Address, sector.Bytes);
            }
        }
    }

    /// <summary>Steps done; told upwards only.</summary>
    private sealed class Steps(long total, Action<long, long>? progress)
    {
        private long _told;

        public long Done { get; private set; }

        public void Add(long count)
        {
            Done += count;
            if (Done <= _told)
                return;
            _told = Done;
            progress?.Invoke(Done, total);
        }

        public void Return(long done) => Done = done;
    }
}
