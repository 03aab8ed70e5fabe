namespace EdgeMl.Mcu.Agent.Models;

/// <summary>Which model runs that did not come by the update protocol. The values are those of <c>hello</c>.</summary>
public enum LocalModel : byte
{
    /// <summary>None: the model of a slot runs, or no model.</summary>
    None = 0,

    /// <summary><see cref="AgentSettings.FactoryModel"/>, because no slot holds a model that runs.</summary>
    Factory = 1,

    /// <summary><see cref="AgentSettings.EconomyModel"/>, in place of the model that would run otherwise.</summary>
    Economy = 2,
}
