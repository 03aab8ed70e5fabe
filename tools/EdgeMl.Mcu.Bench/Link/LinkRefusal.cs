using EdgeMl.Mcu.Agent;
using EdgeMl.Mcu.Link;
using EdgeMl.Mcu.Runtime;

namespace EdgeMl.Mcu.Bench.Link;

/// <summary>What the number in a device's answer means for a user.</summary>
internal static class LinkRefusal
{
    private const int FirstOfAgent = 101;
    private const int FirstOfLink = 201;

    /// <summary>The exception for an answer with an error.</summary>
    /// <param name="port">Name of the port.</param>
    /// <param name="kind">The request, a number of <see cref="LinkKind"/>.</param>
    /// <param name="status">Number that the device answered.</param>
    public static LinkException Of(string port, int kind, int status) => status switch
    {
        < FirstOfAgent => new(LinkErrorCodes.ModelRefused, $"The runtime of the device on {port} refused the model: error {status} ({(Error)status}).", "docs/errors.md says what the number means.", status),
        < FirstOfLink => new(LinkErrorCodes.ModelRefused, $"The agent of the device on {port} refused: error {status} ({(AgentError)status}).", "docs/errors.md says what the number means.", status),
        (int)LinkError.OutOfMemory => new(LinkErrorCodes.TooLarge, $"The device on {port} has no memory for the model (error {status}).", "Put a large model on the device as its factory model or by an update, and run the agent's model.", status),
        (int)LinkError.NoTransfer or (int)LinkError.Restarted => new(LinkErrorCodes.Restarted, $"The device on {port} knows nothing of what was put (error {status}): it has restarted.", "Look with 'edgeml monitor' why it restarts, then begin again.", status),
        (int)LinkError.Checksum or (int)LinkError.Incomplete => new(LinkErrorCodes.Damaged, $"What arrived at the device on {port} was not what was sent (error {status}).", "Check cable, ground and baud rate.", status),
        (int)LinkError.NoModel or (int)LinkError.ModelChanged => new(LinkErrorCodes.NoModel, $"The device on {port} has no such model (error {status}, {(LinkError)status}).", "Put a model first. The agent's model is there after a factory model was flashed or an update was confirmed.", status),
        (int)LinkError.NotSupported or (int)LinkError.UnknownRequest or (int)LinkError.NoFiles => new(LinkErrorCodes.NotSupported, $"The device on {port} does not offer this (request 0x{kind:X2}, error {status}, {(LinkError)status}).", "The board's entry in hardware/ says what it has.", status),
        _ => new(LinkErrorCodes.Refused, $"The device on {port} refused request 0x{kind:X2}: error {status} ({(LinkError)status}).", "docs/errors.md says what the number means.", status),
    };
}
