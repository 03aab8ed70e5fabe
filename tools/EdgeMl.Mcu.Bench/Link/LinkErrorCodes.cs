namespace EdgeMl.Mcu.Bench.Link;

/// <summary>The codes of <see cref="LinkException"/>.</summary>
/// <remarks>The remarks of a code say what to do about it; docs/errors.md is written from both.</remarks>
public static class LinkErrorCodes
{
    /// <summary>No device application answers the bench link on the port.</summary>
    /// <remarks>The link is the board's second serial port, not the one that <c>edgeml flash</c> uses: see its wiring in hardware/, and the baud rate. <c>edgeml monitor</c> shows whether the application runs.</remarks>
    public const string NoAnswer = "link.no-answer";

    /// <summary>The device speaks another version of the link protocol.</summary>
    /// <remarks>Flash an application of the same release as <c>edgeml</c>.</remarks>
    public const string Version = "link.version";

    /// <summary>The device did not carry out a request; the message names the number of the error.</summary>
    /// <remarks>Look the number up in docs/errors.md.</remarks>
    public const string Refused = "link.refused";

    /// <summary>The device's runtime does not load or run the model; the message names the number of the error.</summary>
    /// <remarks>A model for a newer runtime needs a newer application; one that has an unknown kernel needs the runtime's optional assemblies. Look the number up in docs/errors.md.</remarks>
    public const string ModelRefused = "link.model-refused";

    /// <summary>The model or file is longer than the device takes, or than it has memory for.</summary>
    /// <remarks>Put a large model on the device as its factory model or by an update, and run the agent's model.</remarks>
    public const string TooLarge = "link.too-large";

    /// <summary>The bytes that came together on the device were not those that were sent, each time it was tried.</summary>
    /// <remarks>Check cable, ground and baud rate.</remarks>
    public const string Damaged = "link.damaged";

    /// <summary>The device restarted meanwhile, and has lost what was put into its memory.</summary>
    /// <remarks>Look with <c>edgeml monitor</c> why it restarts, then begin again.</remarks>
    public const string Restarted = "link.restarted";

    /// <summary>There is no model that could be run.</summary>
    /// <remarks>Put one first; the agent's model is there after a factory model was flashed or an update was confirmed.</remarks>
    public const string NoModel = "link.no-model";

    /// <summary>The board or its application does not offer what was asked for.</summary>
    /// <remarks>The board's entry in hardware/ says what it has.</remarks>
    public const string NotSupported = "link.not-supported";
}
