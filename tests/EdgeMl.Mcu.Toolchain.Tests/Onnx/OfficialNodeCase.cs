using EdgeMl.Mcu.Toolchain.Import.Onnx;
using EdgeMl.Mcu.Toolchain.Import.Onnx.Proto;
using Google.Protobuf;
using Google.Protobuf.Collections;

namespace EdgeMl.Mcu.Toolchain.Tests.Onnx;

/// <summary>A backend node test of ONNX: a model, and tensors that it maps inputs to.</summary>
internal sealed class OfficialNodeCase
{
    /// <summary>The folder of the tests where Debian's package libonnx-testdata puts it.</summary>
    private const string DebianFolder = "/usr/share/libonnx-testdata/data/node";

    private OfficialNodeCase(string folder)
    {
        Name = Path.GetFileName(folder)["test_".Length..];
        Model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(Path.Combine(folder, "model.onnx")));
        Sets = [.. Directory.GetDirectories(folder, "test_data_set_*").Order(StringComparer.Ordinal).Select(set => (Read(set, "input"), Read(set, "output")))];
    }

    /// <summary>Why the tests are skipped.</summary>
    public const string Missing = "The official ONNX node tests are missing: install Debian's libonnx-testdata, or set EDGEML_ONNX_TESTDATA to its folder data/node.";

    /// <summary>The folder with one folder a case, or null.</summary>
    public static string? Folder { get; } = FindFolder();

    /// <summary>Name of the case without <c>test_</c>.</summary>
    public string Name { get; }

    /// <summary>The model.</summary>
    public ModelProto Model { get; }

    /// <summary>Inputs and expected outputs of each data set; null for one that is no tensor.</summary>
    public IReadOnlyList<(TensorProto?[] Inputs, TensorProto?[] Outputs)> Sets { get; }

    /// <summary>All cases, by name.</summary>
    public static IEnumerable<OfficialNodeCase> All() =>
        Directory.GetDirectories(Folder!, "test_*").Order(StringComparer.Ordinal).Select(folder => new OfficialNodeCase(folder));

    /// <summary>The model's bytes with the values of some inputs, by index, as initializers.</summary>
    public byte[] WithConstants(TensorProto?[] values, Func<int, bool> isConstant)
    {
        ModelProto model = Model.Clone();
        GraphProto graph = model.Graph;
        for (int i = values.Length - 1; i >= 0; i--)
        {
            if (!isConstant(i) || values[i] is not { } value)
                continue;
            TensorProto constant = value.Clone();
            constant.Name = graph.Input[i].Name;
            graph.Initializer.Add(constant);
            graph.Input.RemoveAt(i);
        }
        return model.ToByteArray();
    }

    private static string? FindFolder()
    {
        string? folder = Environment.GetEnvironmentVariable("EDGEML_ONNX_TESTDATA");
        folder = string.IsNullOrEmpty(folder) ? DebianFolder : folder;
        return Directory.Exists(folder) ? folder : null;
    }

    // A file may also hold a sequence or an optional value, whose fields are not those of a tensor.
    private TensorProto?[] Read(string set, string kind)
    {
        RepeatedField<ValueInfoProto> ports = kind == "input" ? Model.Graph.Input : Model.Graph.Output;
        var tensors = new TensorProto?[Directory.GetFiles(set, $"{kind}_*.pb").Length];
        for (int i = 0; i < tensors.Length; i++)
        {
            if (ports[i].Type?.TensorType is null)
                continue;
            tensors[i] = TensorProto.Parser.ParseFrom(File.ReadAllBytes(Path.Combine(set, $"{kind}_{i}.pb")));
        }
        return tensors;
    }

    /// <summary>Reals of a tensor of any numeric type.</summary>
    public static float[] Reals(TensorProto tensor)
    {
        TensorProto inline = tensor.Clone();
        inline.ExternalData.Clear();
        return OnnxTensors.Read(inline, tensor.Name).Reals();
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
