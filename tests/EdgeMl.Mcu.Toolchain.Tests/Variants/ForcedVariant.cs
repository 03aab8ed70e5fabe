using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Runtime.Host;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Plan;
using EdgeMl.Mcu.Toolchain.Plan.Variants;

namespace EdgeMl.Mcu.Toolchain.Tests.Variants;

/// <summary>A model in which one layer has one of the kernels that it could have, and all others the ones that they are lowered to.</summary>
/// <param name="Layer">The layer's kernel and parameters.</param>
/// <param name="File">The device file.</param>
/// <param name="Model">The file, loaded.</param>
internal sealed record ForcedVariant(DeviceLayer Layer, byte[] File, Model Model)
{
    /// <summary>One model for each candidate of each layer within a budget of scratch.</summary>
    public static IEnumerable<ForcedVariant> All(ModelGraph graph, int scratchBytes)
    {
        int layers = GraphLowering.Lower(graph).Layers.Count;
        for (int layer = 0; layer < layers; layer++)
        {
            int candidates = KernelChoice.Candidates(GraphLowering.Lower(graph).Layers[layer], scratchBytes).Length;
            for (int candidate = 1; candidate < candidates; candidate++)
                yield return Create(graph, scratchBytes, layer, candidate);
        }
    }

    /// <summary>The model as it is lowered.</summary>
    public static Model Plain(ModelGraph graph)
    {
        DeviceProgram program = GraphLowering.Lower(graph);
        return Model.Load(EmlmWriter.Write(program, ArenaPlanner.Place(program)));
    }

    /// <summary>The arena after a run with the device's own kernels.</summary>
    public static sbyte[] Run(Model model, sbyte[] input)
    {
        var interpreter = new Interpreter(model);
        interpreter.Arena.AsSpan().Fill(85);
        interpreter.SetInput(0, input);
        OnDeviceKernels(interpreter.Invoke);
        return interpreter.Arena[..model.ArenaBytes];
    }

    /// <summary>Runs something without the host's vector instructions.</summary>
    public static void OnDeviceKernels(Action run)
    {
        HostAcceleration.Enabled = false;
        try
        {
            run();
        }
        finally
        {
            HostAcceleration.Enabled = true;
        }
    }

    private static ForcedVariant Create(ModelGraph graph, int scratchBytes, int layer, int candidate)
    {
        DeviceProgram program = GraphLowering.Lower(graph);
        DeviceLayer forced = KernelChoice.Candidates(program.Layers[layer], scratchBytes)[candidate];
        program = program with { Layers = [.. program.Layers.Select((other, i) => i == layer ? forced : other)] };
        byte[] file = EmlmWriter.Write(program, ArenaPlanner.Place(program));
        Assert.True(Model.TryLoad(file, out Model model) == Error.None, $"{forced.Kernel}({string.Join(", ", forced.Parameters)}) does not load.");
        return new ForcedVariant(forced, file, model);
    }
}
