using System.Globalization;

namespace EdgeMl.Mcu.Benchmarks.Fleet;

/// <summary>Numbers of a benchmark with their defaults: <c>--devices N --bytes N</c>.</summary>
internal sealed record FleetArguments(int Devices, int Bytes)
{
    /// <summary>Replaces the numbers that are given.</summary>
    public FleetArguments With(string[] arguments)
    {
        FleetArguments all = this;
        foreach (string[] pair in arguments.Chunk(2))
        {
            all = pair switch
            {
                ["--devices", var number] => all with { Devices = int.Parse(number, CultureInfo.InvariantCulture) },
                ["--bytes", var number] => all with { Bytes = int.Parse(number, CultureInfo.InvariantCulture) },
                _ => throw new ArgumentException($"'{string.Join(' ', pair)}' is none of --devices N and --bytes N."),
            };
        }
        return all;
    }
}
