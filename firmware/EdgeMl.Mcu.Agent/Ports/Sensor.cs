using EdgeMl.Mcu.Runtime;

namespace EdgeMl.Mcu.Agent.Ports;

/// <summary>The port to what the model looks at.</summary>
public abstract class Sensor
{
    /// <summary>Milliseconds after which the agent asks for the next sample, 1 or more.</summary>
    public abstract int IntervalMilliseconds { get; }

    /// <summary>Sets all inputs of the model.</summary>
    /// <param name="interpreter">Runs the confirmed model, which changes with updates: its shapes may have changed since the last call.</param>
    /// <returns>False where there is no sample now; the model is not run then.</returns>
    public abstract bool Read(Interpreter interpreter);
}
