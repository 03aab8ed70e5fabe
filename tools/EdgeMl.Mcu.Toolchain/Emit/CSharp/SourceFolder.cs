using System.Text;
using System.Text.RegularExpressions;
using EdgeMl.Mcu.Toolchain.Data;

namespace EdgeMl.Mcu.Toolchain.Emit.CSharp;

/// <summary>Writes generated code to a folder.</summary>
public static class SourceFolder
{
    /// <summary>Writes all files; folders on the way are created. Files of an earlier run that are no longer needed are removed, so that they are not built.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="source">The code.</param>
    /// <exception cref="ToolchainException"><c>file.unwritable</c>.</exception>
    public static void Write(string folder, CompiledSource source)
    {
        if (File.Exists(folder))
            throw new ToolchainException(ErrorCodes.FileUnwritable, $"'{folder}' is a file.", "Give the path of a folder.");
        foreach (SourceFile file in source.Files)
            AtomicFile.WriteAllBytes(Path.Combine(folder, file.Path), Encoding.UTF8.GetBytes(file.Text));
        HashSet<string> written = [.. source.Files.Select(file => Path.GetFullPath(Path.Combine(folder, file.Path)))];
        var generated = new Regex($@"^{source.Assemblies[0].Name}(Data\d+|Layer\d+((Block|Trees)\d+)?)?\.cs$", RegexOptions.CultureInvariant);
        try
        {
            foreach (string path in Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).Where(path => generated.IsMatch(Path.GetFileName(path))).ToList())
            {
                if (!written.Contains(Path.GetFullPath(path)) && File.ReadLines(path).FirstOrDefault() == SourcePackager.FirstLine)
                    File.Delete(path);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ToolchainException(ErrorCodes.FileUnwritable, $"Files of an earlier run in '{folder}' cannot be removed: {e.Message}", "Remove them: they would be built together with the new ones.", e);
        }
    }
}
