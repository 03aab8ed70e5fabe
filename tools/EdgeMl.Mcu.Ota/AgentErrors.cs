using EdgeMl.Mcu.Agent;

namespace EdgeMl.Mcu.Ota;

/// <summary>What the agent's errors are called on the host, for those that a manifest or a rotation can have.</summary>
public static class AgentErrors
{
    private static readonly Dictionary<AgentError, string> Codes = new()
    {
        [AgentError.SignatureMissing] = OtaErrorCodes.SignatureMissing,
        [AgentError.SignatureLength] = OtaErrorCodes.SignatureLength,
        [AgentError.Signature] = OtaErrorCodes.Signature,
        [AgentError.ManifestFormat] = OtaErrorCodes.ManifestFormat,
        [AgentError.ManifestVersion] = OtaErrorCodes.ManifestVersion,
        [AgentError.ManifestField] = OtaErrorCodes.ManifestField,
        [AgentError.ChunkRoot] = OtaErrorCodes.ChunkRoot,
        [AgentError.Encryption] = OtaErrorCodes.Encryption,
        [AgentError.ModelHash] = OtaErrorCodes.ModelHash,
        [AgentError.Epoch] = OtaErrorCodes.Epoch,
        [AgentError.Abi] = OtaErrorCodes.Abi,
        [AgentError.Ram] = OtaErrorCodes.Ram,
        [AgentError.SlotTooSmall] = OtaErrorCodes.SlotTooSmall,
        [AgentError.Shapes] = OtaErrorCodes.Shapes,
        [AgentError.Expired] = OtaErrorCodes.Expired,
        [AgentError.Rotation] = OtaErrorCodes.Rotation,
        [AgentError.RotationGeneration] = OtaErrorCodes.RotationGeneration,
    };

    /// <summary>The code of an error, such as <c>ota.signature</c>; null for one that has none on the host.</summary>
    public static string? CodeOf(AgentError error) => Codes.GetValueOrDefault(error);

    /// <summary>What to do about an error that a device reports; null where its name says it all.</summary>
    /// <param name="error">Number of an <see cref="AgentError"/> or a <see cref="Runtime.Error"/>.</param>
    public static string? HintOf(int error) => error == (int)Runtime.Error.UnknownKernel
        ? "The device's application lacks an assembly of kernels that the model needs, EdgeMl.Mcu.Runtime.Packed or EdgeMl.Mcu.Runtime.Typed: 'edgeml plan' names it. "
            + "A model that is converted with --scratch 0 does without the packed ones."
        : null;

    /// <summary>An error of the agent as a phrase, such as 'signature of another key, or of other bytes'.</summary>
    internal static string Describe(AgentError error) => error switch
    {
        AgentError.SignatureMissing => "it carries no signature",
        AgentError.SignatureLength => "its signature is cut or of another algorithm",
        AgentError.Signature => "the given public key has not signed these bytes",
        AgentError.ManifestFormat => "it is not the CBOR of a manifest, or a field is out of its range",
        AgentError.ManifestVersion => "it has another format number than this version reads",
        AgentError.ManifestField => "it has a field that this version does not know and may not ignore",
        AgentError.ChunkRoot => "the chunk hashes are not those that were signed",
        AgentError.Encryption => "the model is encrypted in an unknown way",
        AgentError.Rotation => "it is not a rotation that the given public key has signed",
        AgentError.RotationGeneration => "it is not the next generation",
        _ => error.ToString(),
    };
}
