namespace EdgeMl.Mcu.Toolchain.Plan;

/// <summary>A piece of the arena that holds one activation, or several that take each other's place.</summary>
public sealed class ArenaBuffer(string name, int bytes)
{
    /// <summary>Name of the first tensor in it.</summary>
    public string Name => name;

    /// <summary>Size.</summary>
    public int Bytes => bytes;

    /// <summary>Whether its content lives from one inference to the next, so that nothing else may use its place.</summary>
    public bool IsState { get; init; }

    /// <summary>First step that writes it; -1 for inputs of the model.</summary>
    public int FirstStep { get; set; } = int.MaxValue;

    /// <summary>Last step that reads it; the number of steps for outputs of the model.</summary>
    public int LastStep { get; set; } = -1;

    /// <summary>Where the planner put it, in bytes from the start of the arena.</summary>
    public int Offset { get; set; } = -1;

    /// <summary>Whether both are in use during some step.</summary>
    public bool Overlaps(ArenaBuffer other) => FirstStep <= other.LastStep && other.FirstStep <= LastStep;
}
