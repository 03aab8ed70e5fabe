using EdgeMl.Mcu.Toolchain;
using EdgeMl.Mcu.Toolchain.Data;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Cli;

/// <summary>Assigns files to a model's inputs or outputs: <c>NAME=FILE</c> by name, <c>FILE</c> to the first that has none, in the model's order.</summary>
internal static class PortFiles
{
    /// <summary>The file of each port, null for ports that none was given for.</summary>
    /// <param name="option">Name of the option, for messages.</param>
    /// <param name="ports">Inputs or outputs.</param>
    /// <param name="arguments">What the option was given.</param>
    /// <exception cref="UsageException">Two files for a port, or more files than ports.</exception>
    /// <exception cref="ToolchainException"><c>data.unknown-tensor</c>.</exception>
    public static string?[] Assign(string option, IReadOnlyList<GraphPort> ports, IReadOnlyList<string> arguments)
    {
        var files = new string?[ports.Count];
        var unnamed = new List<string>();
        foreach (string argument in arguments)
        {
            int named = IndexOfNamed(ports, argument);
            if (named < 0)
            {
                RequireFileName(option, ports, argument);
                unnamed.Add(argument);
                continue;
            }
            if (files[named] is not null)
                throw new UsageException($"{option} names '{ports[named].Name}' twice.");
            files[named] = argument[(ports[named].Name.Length + 1)..];
        }
        foreach (string file in unnamed)
        {
            int free = Array.IndexOf(files, null);
            if (free < 0)
                throw new UsageException($"{option} is given {arguments.Count} files, and the model has {ports.Count}: {Names(ports)}.");
            files[free] = file;
        }
        return files;
    }

    /// <summary>The file of each port.</summary>
    /// <exception cref="UsageException">As <see cref="Assign"/>, and where a port has no file.</exception>
    public static string[] AssignAll(string option, IReadOnlyList<GraphPort> ports, IReadOnlyList<string> arguments)
    {
        string?[] files = Assign(option, ports, arguments);
        int missing = Array.IndexOf(files, null);
        if (missing >= 0)
            throw new UsageException($"There is no file for '{ports[missing].Name}'.", $"Give {option} {ports[missing].Name}=FILE; the model has {Names(ports)}.");
        return files!;
    }

    /// <summary>Reads the samples of each port.</summary>
    public static SampleSet[] Read(string option, IReadOnlyList<GraphPort> ports, IReadOnlyList<string> arguments, bool raw)
    {
        string[] files = AssignAll(option, ports, arguments);
        return [.. files.Select((file, i) => SampleFile.Read(file, ports[i], raw))];
    }

    private static int IndexOfNamed(IReadOnlyList<GraphPort> ports, string argument)
    {
        for (int i = 0; i < ports.Count; i++)
        {
            if (argument.StartsWith(ports[i].Name + "=", StringComparison.Ordinal))
                return i;
        }
        return -1;
    }

    private static void RequireFileName(string option, IReadOnlyList<GraphPort> ports, string argument)
    {
        int equals = argument.IndexOf('=', StringComparison.Ordinal);
        if (equals > 0 && !File.Exists(argument) && argument.IndexOfAny(['/', '\\']) is var slash && (slash < 0 || slash > equals))
            throw new ToolchainException(ErrorCodes.UnknownTensor, $"{option} names '{argument[..equals]}', which the model does not have.", $"It has {Names(ports)}.");
    }

    private static string Names(IReadOnlyList<GraphPort> ports) => string.Join(", ", ports.Select(port => $"'{port.Name}'"));
}
