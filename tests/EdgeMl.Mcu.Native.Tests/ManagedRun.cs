using EdgeMl.Mcu.Runtime;

namespace EdgeMl.Mcu.Native.Tests;

/// <summary>The managed runtime on the same bytes as the native one.</summary>
internal static class ManagedRun
{
    /// <summary>Bytes of all inputs of a sample.</summary>
    public static int InputBytes(Model model) => Enumerable.Range(0, model.InputCount).Sum(i => model.Input(i).ByteCount);

    /// <summary>Random inputs for a number of samples.</summary>
    public static byte[] RandomInputs(Model model, int samples, int seed)
    {
        var inputs = new byte[samples * InputBytes(model)];
        new Random(seed).NextBytes(inputs);
        return inputs;
    }

    /// <summary>The outputs of all samples, as they lie in the arena.</summary>
    public static byte[] Outputs(NativeCase item)
    {
        Model model = Model.Load(item.Model);
        var interpreter = new Interpreter(model);
        // As the native driver does: what a layer reads that nothing has written is the same on both.
        interpreter.Arena.AsSpan().Fill(85);
        interpreter.ResetState();
        interpreter.SelfTest();
        var outputs = new List<byte>();
        foreach (byte[] sample in item.Inputs.Chunk(InputBytes(model)))
        {
            if (!item.CarriesState)
                interpreter.ResetState();
            int offset = 0;
            for (int i = 0; i < model.InputCount; i++)
            {
                interpreter.SetInput(i, sample[offset..(offset + model.Input(i).ByteCount)]);
                offset += model.Input(i).ByteCount;
            }
            interpreter.Invoke();
            for (int i = 0; i < model.OutputCount; i++)
            {
                var output = new byte[model.Output(i).ByteCount];
                interpreter.GetOutput(i, output);
                outputs.AddRange(output);
            }
        }
        return [.. outputs];
    }
}
