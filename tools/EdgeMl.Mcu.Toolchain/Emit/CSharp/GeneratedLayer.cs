namespace EdgeMl.Mcu.Toolchain.Emit.CSharp;

/// <summary>A class of generated code.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Text">Its source, without namespace and usings.</param>
/// <param name="Bytes">Bytes of bytecode, at most.</param>
internal sealed record GeneratedClass(string Name, string Text, int Bytes);

/// <summary>The code of one layer.</summary>
/// <param name="Variant">Which generator made it.</param>
/// <param name="Methods">Static classes with the weights, which may stand in any assembly.</param>
/// <param name="Instructions">IL instructions of one inference, predicted.</param>
internal sealed record GeneratedLayer(string Variant, IReadOnlyList<GeneratedClass> Methods, long Instructions)
{
    /// <summary>The kernel.</summary>
    public GeneratedClass Kernel { get; init; } = new("", "", 0);

    /// <summary>How many of the layer's parameters the kernel keeps: the first ones, which are arena offsets.</summary>
    public int ParameterCount { get; init; } = KernelWriter.Count;

    /// <summary>64-bit words that it works in.</summary>
    public int Lanes { get; init; }

    /// <summary>Bytes after the arena's activations that it works in.</summary>
    public int StripBytes { get; init; }

    /// <summary>The saturation table that its constructor takes, or null.</summary>
    public SaturationTable? Table { get; init; }

    /// <summary>What the model file keeps of the layer's weights.</summary>
    public byte[] Weights { get; init; } = [];

    /// <summary>Bytes of bytecode, at most.</summary>
    public int Bytes => Kernel.Bytes + Methods.Sum(method => method.Bytes);
}

/// <summary>Generates the code of a linear layer, or gives null where it cannot.</summary>
/// <param name="layer">The layer.</param>
/// <param name="name">Name of the kernel's class, with which all others begin.</param>
/// <param name="table">The saturation table of the layer's activation range, or null.</param>
internal delegate GeneratedLayer? LayerGenerator(WindowedLayer layer, string name, SaturationTable? table);

/// <summary>Limits that nanoFramework sets to generated code, with some room: beyond them it miscompiles without a word.</summary>
internal static class CodeLimits
{
    /// <summary>Bytes of bytecode of one method; a branch over the body of its loop reaches 32,767.</summary>
    public const int MethodBytes = 30_000;

    /// <summary>Bytes of bytecode of one assembly, of 65,535.</summary>
    public const int AssemblyBytes = 63_000;

    /// <summary>Bytes of array initialisers of one assembly, of about 65,000.</summary>
    public const int DataBytes = 60_000;

    /// <summary>Local variables of one method, of 255.</summary>
    public const int Locals = 240;
}
