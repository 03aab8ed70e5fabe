using System.Diagnostics;
using EdgeMl.Mcu.Bench.Hil.Models;

namespace EdgeMl.Mcu.Bench.Hil.Updates;

/// <summary>An update of one device, from the order to its end.</summary>
internal sealed class UpdateOrder
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);

    private readonly BenchRelay _relay;
    private readonly string _device;
    private readonly long _order;
    private readonly string _what;
    private readonly long _start;

    private UpdateOrder(BenchRelay relay, string device, long order, string what)
    {
        _relay = relay;
        _device = device;
        _order = order;
        _what = what;
        _start = Stopwatch.GetTimestamp();
    }

    /// <summary>Orders a device to run a model.</summary>
    public static async Task<UpdateOrder> GiveAsync(BenchRelay relay, string device, GoldenModel model, string version, CancellationToken cancellationToken) =>
        new(relay, device, await relay.OrderAsync(device, model, version, cancellationToken), $"{model.Name}@{version}");

    /// <summary>Waits until a device is connected.</summary>
    /// <exception cref="BenchException"><see cref="BenchErrorCodes.UpdateFailed"/>: it did not connect in time.</exception>
    public static async Task WaitOnlineAsync(BenchRelay relay, string device, TimeSpan timeout, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        while (!await relay.IsOnlineAsync(device, cancellationToken))
        {
            if (Stopwatch.GetElapsedTime(start) > timeout)
            {
                throw new BenchException(BenchErrorCodes.UpdateFailed, $"The device {device} has its configuration and did not connect to the broker within {timeout.TotalSeconds:0} s.",
                    "Check broker.address, Wi-Fi and the machine's firewall; 'edgeml monitor' shows what the device says.");
            }
            await Task.Delay(LookEvery, cancellationToken);
        }
    }

    /// <summary>Waits until the device runs the model for good.</summary>
    /// <returns>Seconds since the order.</returns>
    /// <exception cref="BenchException"><see cref="BenchErrorCodes.UpdateFailed"/>.</exception>
    public async Task<double> WaitAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        while (true)
        {
            OrderState state = await _relay.StateAsync(_order, cancellationToken);
            TimeSpan elapsed = Stopwatch.GetElapsedTime(_start);
            if (state.HasEnded && state.Succeeded)
                return elapsed.TotalSeconds;
            if (state.HasEnded || elapsed > timeout)
            {
                string end = state.HasEnded ? "ended" : $"did not end within {timeout.TotalSeconds:0} s";
                throw new BenchException(BenchErrorCodes.UpdateFailed, $"The update of {_device} to {_what} {end}: {state.Description}.", "docs/errors.md explains the device's errors; 'edgeml monitor' shows what it says.");
            }
            await Task.Delay(LookEvery, cancellationToken);
        }
    }
}
