namespace EdgeMl.Mcu.Agent.Manifests;

/// <summary>What a device can take: a manifest is checked against it before anything of the model is downloaded.</summary>
public sealed class DeviceProfile
{
    /// <summary>Highest runtime ABI that the device runs.</summary>
    public int RuntimeAbi { get; set; } = Runtime.Format.ModelFormat.RuntimeAbi;

    /// <summary>RAM in bytes that the device gives to the model's arena, scratch and packed weights.</summary>
    public int ModelRamBytes { get; set; }

    /// <summary>Capacity of one slot in bytes.</summary>
    public int SlotBytes { get; set; }

    /// <summary>Security epoch of the journal.</summary>
    public int Epoch { get; set; }

    /// <summary>Inputs that the application works with; null where it takes any.</summary>
    public ManifestTensor[] Inputs { get; set; }

    /// <summary>Outputs that the application works with; null where it takes any.</summary>
    public ManifestTensor[] Outputs { get; set; }

    /// <summary>Compares a manifest with the device: epoch, ABI, RAM and slot, shapes, expiry, in this order.</summary>
    /// <param name="manifest">A manifest whose signature was verified.</param>
    /// <param name="time">The relay's time in seconds since 1970, from the order.</param>
    /// <returns>The first reason against it, or <see cref="AgentError.None"/>.</returns>
    public AgentError Check(Manifest manifest, long time)
    {
        if (manifest.Epoch < Epoch)
            return AgentError.Epoch;
        if (manifest.RuntimeAbi > RuntimeAbi)
            return AgentError.Abi;
        if (manifest.RamBytes > ModelRamBytes)
            return AgentError.Ram;
        if (manifest.Length > SlotBytes)
            return AgentError.SlotTooSmall;
        if ((Inputs != null && !ManifestTensor.AreSame(Inputs, manifest.Inputs)) || (Outputs != null && !ManifestTensor.AreSame(Outputs, manifest.Outputs)))
            return AgentError.Shapes;
        return manifest.Expires != 0 && time >= manifest.Expires ? AgentError.Expired : AgentError.None;
    }
}
