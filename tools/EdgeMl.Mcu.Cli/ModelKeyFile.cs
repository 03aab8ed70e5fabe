using EdgeMl.Mcu.Toolchain;
using EdgeMl.Mcu.Toolchain.Data;

namespace EdgeMl.Mcu.Cli;

/// <summary>The key of an encrypted model as a file: 32 hex digits, or 16 bytes as they are.</summary>
internal static class ModelKeyFile
{
    private const int KeyBytes = 16;

    /// <summary>Reads a key.</summary>
    /// <exception cref="ToolchainException"><c>file.*</c>.</exception>
    public static byte[] Read(string path)
    {
        byte[] content = DataFile.ReadAllBytes(path);
        if (content.Length == KeyBytes)
            return content;
        string text = System.Text.Encoding.ASCII.GetString(content).Trim();
        return text.Length == 2 * KeyBytes && text.All(char.IsAsciiHexDigit) ? Convert.FromHexString(text)
            : throw new ToolchainException(ErrorCodes.FileUnreadable, $"'{path}' holds no model key: {content.Length} bytes instead of {KeyBytes}, or {2 * KeyBytes} hex digits.", "Give the key file that 'edgeml sign --encrypt' wrote.");
    }
}
