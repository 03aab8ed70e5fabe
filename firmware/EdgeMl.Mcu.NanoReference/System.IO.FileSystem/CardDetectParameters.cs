namespace nanoFramework.System.IO.FileSystem;

public class CardDetectParameters
{
    public bool enableCardDetectPin;
    public bool cardDetectedState;
    public uint cardDetectPin;
    public bool autoMount;
}
