using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Toolchain.Data;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Plan.Variants;
using EdgeMl.Mcu.Toolchain.Pruning;

namespace EdgeMl.Mcu.Toolchain.Quantizing;

/// <summary>A device model that another one shall stay close to, so that the way from one to the other is short.</summary>
public sealed class BaseModel
{
    private BaseModel(byte[] content, Model model)
    {
        Content = content;
        Model = model;
        Plan.DeviceProgram program = EmlmReader.Read(model, content);
        Kernels = [.. program.Layers.Select(layer => layer.Kernel)];
        Layers = [.. program.Layers.Select(PlainLayer.Of).Select(layer => DeviceLinearLayer.Of(layer) is { } linear ? BaseLayer.Of(layer, linear) : null).OfType<BaseLayer>()];
    }

    /// <summary>The whole <c>.emlm</c> file.</summary>
    public byte[] Content { get; }

    /// <summary>The loaded model.</summary>
    internal Model Model { get; }

    /// <summary>The kernel of each layer.</summary>
    internal IReadOnlyList<Runtime.Format.OpCode> Kernels { get; }

    /// <summary>The linear layers with int8 weights, in execution order.</summary>
    internal IReadOnlyList<BaseLayer> Layers { get; }

    /// <summary>Opens an <c>.emlm</c> file.</summary>
    /// <exception cref="ToolchainException">A <c>file.*</c> or <c>emlm.*</c> code.</exception>
    public static BaseModel Open(string path) => Parse(DataFile.ReadAllBytes(path), path);

    /// <summary>Reads the content of an <c>.emlm</c> file, which must not change afterwards.</summary>
    /// <exception cref="ToolchainException">An <c>emlm.*</c> code.</exception>
    public static BaseModel Parse(byte[] content, string name) => new(content, DeviceModelFile.Parse(content, name));

    /// <summary>The layer of a name and shape, or null.</summary>
    internal BaseLayer? Find(string name, int outputs, int taps)
    {
        BaseLayer[] found = [.. Layers.Where(layer => layer.Name == name && layer.Linear.Outputs == outputs && layer.Linear.Taps == taps)];
        return found.Length == 1 ? found[0] : null;
    }
}
