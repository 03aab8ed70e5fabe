using System.CommandLine;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Plan.Variants;

namespace EdgeMl.Mcu.Cli;

/// <summary>The options of verbs that write a device model.</summary>
internal sealed class DeviceModelOptions
{
    private readonly Option<string> _output = new("--output", "-o") { Description = "The device model to write (.emlm).", HelpName = "OUT.emlm", Required = true };
    private readonly Option<bool> _noOptimize = SampleOptions.NoOptimize();
    private readonly Option<int> _scratch = new("--scratch")
    {
        Description = "Most RAM that kernels may use beside the arena; more lets faster kernels run.",
        HelpName = "BYTES",
        DefaultValueFactory = _ => KernelChoice.DefaultScratchBytes,
    };

    private readonly Option<int?> _page = new("--page")
    {
        Description = "Cut large layers, so that a device can read the weights from flash or a file in pages of this size.",
        HelpName = "BYTES",
    };

    private readonly Option<long> _packedWeights = new("--packed-weights")
    {
        Description = "RAM for weights that the device packs when it loads the model, 2.7 bytes a weight: makes fully connected layers more than twice as fast.",
        HelpName = "BYTES",
    };

    /// <summary>Adds the options to a verb.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_output);
        AddEmitTo(command);
    }

    /// <summary>Adds all but the output to a verb that may write a model of another kind too.</summary>
    public void AddEmitTo(Command command)
    {
        command.Options.Add(_noOptimize);
        command.Options.Add(_scratch);
        command.Options.Add(_page);
        command.Options.Add(_packedWeights);
    }

    /// <summary>The checked path of the file to write.</summary>
    /// <exception cref="UsageException">Another ending, which no verb would open again.</exception>
    public string Path(ParseResult parse)
    {
        string path = parse.GetRequiredValue(_output);
        return System.IO.Path.GetExtension(path).Equals(".emlm", StringComparison.OrdinalIgnoreCase) || path.StartsWith("/dev/", StringComparison.Ordinal)
            ? path
            : throw new UsageException($"A device model's name ends in .emlm, and '{path}' does not.");
    }

    /// <summary>Refuses the options where a model is made already.</summary>
    /// <exception cref="UsageException">One of them is given.</exception>
    public void RequireNone(ParseResult parse, string model)
    {
        foreach (Option option in new Option[] { _noOptimize, _scratch, _page, _packedWeights })
        {
            if (parse.GetResult(option) is { Implicit: false })
                throw new UsageException($"{option.Name} is for models that become a device model, and '{model}' is one.", "It keeps its arena, and needs no more scratch and RAM for packed weights than before.");
        }
    }

    /// <summary>How to make the model.</summary>
    /// <exception cref="UsageException">A size that is none.</exception>
    public EmitOptions Emit(ParseResult parse)
    {
        int scratch = parse.GetValue(_scratch);
        if (scratch < 0)
            throw new UsageException($"--scratch is a number of bytes, 0 or more, and not {scratch}.");
        int? page = parse.GetValue(_page);
        if (page < 1)
            throw new UsageException($"--page is a number of bytes, 1 or more, and not {page}.");
        long packed = parse.GetValue(_packedWeights);
        if (packed < 0)
            throw new UsageException($"--packed-weights is a number of bytes, 0 or more, and not {packed}.");
        return new EmitOptions { Optimize = !parse.GetValue(_noOptimize), ScratchBytes = scratch, PageBytes = page ?? int.MaxValue, PackedWeightBytes = packed };
    }
}
