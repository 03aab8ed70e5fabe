using System.Diagnostics;
using EdgeMl.Mcu.Link.Ports;

namespace EdgeMl.Mcu.Bench.Tests.Link;

/// <summary>A board for a link server, with files in memory.</summary>
internal sealed class TestBoard(int startId = 1) : LinkBoard
{
    private readonly long _start = Stopwatch.GetTimestamp();

    public override string Board => "test_board";

    public override string Firmware => "1.2.3";

    public override string Device => "bench-1";

    public override int StartId => startId;

    public override long Microseconds => (long)Stopwatch.GetElapsedTime(_start).TotalMicroseconds;

    public override int TimerStepNanoseconds => 1000;

    public override int TotalMemoryBytes => 180_000;

    public override int FreeMemoryBytes => 90_000;

    public override int LargestFreeBlockBytes => Unknown;

    public override int GarbageCollections => Collections;

    public override LinkFiles? Files => Stored;

    public override bool CanReboot => true;

    public override int AssemblyCount => 2;

    public TestFiles Stored { get; init; } = new();

    public int Collections { get; private set; }

    public int Reboots { get; private set; }

    public override string AssemblyName(int index) => index == 0 ? "mscorlib" : "EdgeMl.Mcu.Device";

    public override int AssemblyVersion(int index, int part) => index == 0 ? 10 + part : part;

    public override void CollectGarbage() => Collections++;

    public override void Reboot() => Reboots++;
}
