using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Tests.Quantizing;

/// <summary>An int8 graph or a device model on the device runtime.</summary>
internal sealed class DeviceRun
{
    private readonly Interpreter _interpreter;

    public DeviceRun(ModelGraph graph)
        : this(EmlmCompiler.Compile(graph).Bytes)
    {
    }

    public DeviceRun(byte[] file)
    {
        Assert.Equal(Error.None, Model.TryLoad(file, out Model model));
        _interpreter = new Interpreter(model);
    }

    /// <summary>Real values of the first output for real inputs in the graph's layout.</summary>
    public float[] Run(float[][] inputs)
    {
        for (int i = 0; i < inputs.Length; i++)
            _interpreter.SetInput(i, inputs[i]);
        _interpreter.Invoke();
        var output = new float[_interpreter.Model.Output(0).Count];
        _interpreter.GetOutput(0, output);
        return output;
    }
}
