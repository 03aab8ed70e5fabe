namespace EdgeMl.Mcu.Bench;

/// <summary>The codes of <see cref="BenchException"/>.</summary>
/// <remarks>The remarks of a code say what to do about it; docs/errors.md is written from both.</remarks>
public static class BenchErrorCodes
{
    /// <summary>There is no serial port of that name.</summary>
    /// <remarks><c>edgeml ports</c> lists the ports of the machine.</remarks>
    public const string PortNotFound = "port.not-found";

    /// <summary>Another program has the serial port open.</summary>
    /// <remarks>Close the terminal program, the debugger or the other <c>edgeml</c> that uses it.</remarks>
    public const string PortBusy = "port.busy";

    /// <summary>The user may not open the serial port.</summary>
    /// <remarks>On Linux: <c>sudo usermod -aG dialout $USER</c>, then log in again.</remarks>
    public const string PortDenied = "port.denied";

    /// <summary>The name is of something that is no serial port, or the port does not take the baud rate.</summary>
    /// <remarks>Give a port that <c>edgeml ports</c> lists, and a usual baud rate.</remarks>
    public const string PortUnsuitable = "port.unsuitable";

    /// <summary>The serial port is gone: unplugged, reset, or the other end closed it.</summary>
    /// <remarks>Check the cable; look with <c>edgeml ports</c> under which name the board came back.</remarks>
    public const string PortDisconnected = "port.disconnected";

    /// <summary>Nothing that speaks nanoFramework's debug protocol answers on the port.</summary>
    /// <remarks>Check the port and press reset; <c>edgeml flash --clr</c> puts the firmware on the board.</remarks>
    public const string NoAnswer = "board.no-answer";

    /// <summary>The board answered that it does not carry out a command.</summary>
    /// <remarks>Its firmware may be too old, or built without the feature.</remarks>
    public const string BoardRefused = "board.refused";

    /// <summary>The board is another one than was asked for.</summary>
    /// <remarks>Give the board that is connected with <c>--board</c>, or another port.</remarks>
    public const string WrongBoard = "board.wrong";

    /// <summary>The board's loader answers, or firmware of another line of nanoFramework; the application needs nanoCLR 1.x.</summary>
    /// <remarks><c>edgeml flash --clr</c> puts the firmware there; a board held in its loader must be reset first.</remarks>
    public const string Firmware = "board.firmware";

    /// <summary>The board would not load the application: an assembly is missing, or needs a native part that the firmware has not or has in another version. Nothing was changed.</summary>
    /// <remarks>Use the packages of the firmware's version, or update the firmware: <c>edgeml flash --clr</c>.</remarks>
    public const string WillNotLoad = "board.will-not-load";

    /// <summary>The firmware has no files that the tool may write.</summary>
    /// <remarks>Send the model over the bench link with <c>--link</c>, or compile it into the application.</remarks>
    public const string NoFileSystem = "board.no-file-system";

    /// <summary>The application does not fit the board's deployment region, or a file of it is unsuitable.</summary>
    /// <remarks>Leave out what is not used, take a smaller model, or keep the model out of the application.</remarks>
    public const string DeploymentTooLarge = "board.deployment-too-large";

    /// <summary>A file of the application is no nanoFramework assembly.</summary>
    /// <remarks>Give the folder with the <c>.pe</c> files that the build made.</remarks>
    public const string BadApplication = "board.bad-application";

    /// <summary>Flash was not erased or written, or reads back as something else.</summary>
    /// <remarks>Run the same command again: it goes on behind the sectors that are right. If it fails at the same address, the flash is worn out or protected.</remarks>
    public const string FlashFailed = "board.flash-failed";

    /// <summary>The board restarted without the application, or without an assembly of it.</summary>
    /// <remarks><c>edgeml monitor --restart</c> shows what the board says at its start.</remarks>
    public const string NotLoaded = "board.not-loaded";

    /// <summary>The file is no configuration of a device, or is damaged.</summary>
    /// <remarks>Write it anew with <c>edgeml device configure</c>.</remarks>
    public const string Configuration = "device.configuration";

    /// <summary>The file is no identity of a device: JSON with fleet, device, deviceKey and broker.</summary>
    /// <remarks><c>edgeml device configure --enroll</c> writes it.</remarks>
    public const string Identity = "device.identity";

    /// <summary>A tool that is needed is not installed.</summary>
    /// <remarks><c>dotnet tool install --global nanoff</c></remarks>
    public const string ToolMissing = "tool.missing";

    /// <summary>A tool that was called ended with an error.</summary>
    /// <remarks>Its own messages say why.</remarks>
    public const string ToolFailed = "tool.failed";

    /// <summary>A bench's file cannot be read, or is no description of a bench.</summary>
    /// <remarks>The message names the member; hardware/README.md explains all of them.</remarks>
    public const string BenchFile = "bench.file";

    /// <summary>A model or sample file of a bench is not usable: the desktop's runtime does not give the expected outputs either, or the model has no vectors.</summary>
    /// <remarks>Check the files with <c>edgeml verify</c>.</remarks>
    public const string BenchModel = "bench.model";

    /// <summary>A model gives other outputs on the board than on the desktop.</summary>
    /// <remarks>Flash the application again; if the same byte differs, compare the versions of runtime and firmware.</remarks>
    public const string Differs = "bench.differs";

    /// <summary>A stage of a bench did not end in its time.</summary>
    /// <remarks>See what the board says with <c>edgeml monitor</c>; a slow board needs a longer time in the bench's file.</remarks>
    public const string StageTimeout = "bench.timeout";

    /// <summary>The command that switches a board off or on failed.</summary>
    /// <remarks>Run the command by hand; it may need rights on the USB device.</remarks>
    public const string PowerSwitch = "bench.power";

    /// <summary>An update did not end with the new model confirmed.</summary>
    /// <remarks>The message has the device's error number; docs/errors.md explains it.</remarks>
    public const string UpdateFailed = "bench.update";

    /// <summary>The board does not answer any more after a power cut.</summary>
    /// <remarks>Switch it off and on by hand and look with <c>edgeml monitor</c>; the report says at which cut it happened.</remarks>
    public const string NotRecovered = "bench.not-recovered";

    /// <summary>A board's speed cannot be taken from a run: the board is virtual, or too few layers were measured.</summary>
    /// <remarks>Run the bench on the real board, with models of several layers.</remarks>
    public const string NotCalibrated = "bench.not-calibrated";
}
