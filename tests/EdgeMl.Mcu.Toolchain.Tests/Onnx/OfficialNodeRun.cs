using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Import.Onnx;
using EdgeMl.Mcu.Toolchain.Import.Onnx.Operators;
using EdgeMl.Mcu.Toolchain.Import.Onnx.Proto;
using EdgeMl.Mcu.Toolchain.Passes;
using DataType = EdgeMl.Mcu.Toolchain.Import.Onnx.Proto.TensorProto.Types.DataType;

namespace EdgeMl.Mcu.Toolchain.Tests.Onnx;

/// <summary>What became of an official case.</summary>
internal enum NodeOutcome
{
    /// <summary>Not a case for this importer; the reason says why.</summary>
    NotApplicable,

    /// <summary>Right outputs with every float input as an activation.</summary>
    Passed,

    /// <summary>Right outputs with every input but the first as a constant: weights and parameters, as exported models have them.</summary>
    PassedWithConstants,

    /// <summary>Right outputs with every input as a constant: computed at import.</summary>
    PassedAsConstants,

    /// <summary>Refused, or wrong outputs.</summary>
    Failed,
}

/// <summary>Result of an official case and, where it did not pass, the reason.</summary>
internal sealed record NodeResult(string Name, NodeOutcome Outcome, string Reason);

/// <summary>Runs official cases as imported and after all passes.</summary>
internal static class OfficialNodeRun
{
    /// <summary>Operators whose outputs are integers that the importer claims.</summary>
    private static readonly string[] IntegerResults = ["Shape", "Size", "QuantizeLinear", "QLinearConv", "QLinearMatMul"];

    /// <summary>Operators whose first input is an activation of integers.</summary>
    private static readonly string[] IntegerActivations = ["DequantizeLinear", "QLinearConv", "QLinearMatMul"];

    /// <summary>Runs a case.</summary>
    public static NodeResult Run(OfficialNodeCase test)
    {
        if (WhyNotApplicable(test) is { } reason)
            return new NodeResult(test.Name, NodeOutcome.NotApplicable, reason);
        string? problem = null;
        foreach (NodeOutcome form in new[] { NodeOutcome.Passed, NodeOutcome.PassedWithConstants, NodeOutcome.PassedAsConstants })
        {
            problem = Check(test, (index, type) => !IsFloat(type) && !IsActivation(test, index) || form switch
            {
                NodeOutcome.Passed => false,
                NodeOutcome.PassedWithConstants => index > 0,
                _ => true,
            });
            if (problem is null)
                return new NodeResult(test.Name, form, "");
            if (!problem.Contains("not a constant", StringComparison.Ordinal))
                break;
        }
        return new NodeResult(test.Name, NodeOutcome.Failed, problem!);
    }

    private static string? WhyNotApplicable(OfficialNodeCase test)
    {
        GraphProto graph = test.Model.Graph;
        string[] missing = [.. graph.Node.Where(node => OperatorTable.Find(node.Domain, node.OpType) is null)
            .Select(node => OperatorTable.QualifiedName(node.Domain, node.OpType)).Distinct().Order(StringComparer.Ordinal)];
        if (missing.Length > 0)
            return $"operator {missing[0]}";
        if (test.Model.OpsetImport[0].Version < 7)
            return "operator set before 7";
        ValueInfoProto[] ports = [.. graph.Input, .. graph.Output];
        if (ports.Any(port => port.Type?.TensorType is not { } type || OnnxTensors.TypeOf(type.ElemType) is null))
            return "text, sequences and optional values";
        if (ports.Any(port => port.Type.TensorType.ElemType == DataType.Bfloat16))
            return "bfloat16";
        bool isInteger = graph.Node.All(node => IntegerResults.Contains(node.OpType));
        return isInteger || graph.Output.All(port => IsFloat(port.Type.TensorType.ElemType)) ? null : "results that are not float";
    }

    private static bool IsActivation(OfficialNodeCase test, int index) =>
        index == 0 && IntegerActivations.Contains(test.Model.Graph.Node[0].OpType);

    private static bool IsFloat(DataType type) => type is DataType.Float or DataType.Double or DataType.Float16;

    // Null where everything is right.
    private static string? Check(OfficialNodeCase test, Func<int, DataType, bool> isConstant)
    {
        foreach ((TensorProto?[] inputs, TensorProto?[] outputs) in test.Sets)
        {
            byte[] bytes = test.WithConstants(inputs, i => isConstant(i, inputs[i]!.DataType));
            try
            {
                ModelGraph unchanged = OnnxImporter.ImportUnchanged(bytes, test.Name);
                ModelGraph optimised = OnnxImporter.ImportUnchanged(bytes, test.Name);
                PassPipeline.Run(optimised);
                ModelRun.CheckStructure(optimised);
                TensorProto[] given = [.. inputs.Where((tensor, i) => !isConstant(i, tensor!.DataType))!];
                float[][] values = [.. given.Zip(unchanged.Inputs, Reals)];
                foreach (ModelGraph graph in new[] { unchanged, optimised })
                {
                    if (!graph.Outputs.Zip(outputs).All(pair => pair.First.SourceShape.Select(d => (long)d).SequenceEqual(pair.Second!.Dims)))
                        return "wrong shape";
                    float[] expected = [.. outputs.Zip(graph.Outputs, (tensor, port) => Reals(tensor!, port)).SelectMany(part => part)];
                    float[] actual = ModelRun.Run(graph, values);
                    if (!(Difference(expected, actual) <= Tolerance))
                        return graph == unchanged ? "wrong values" : "wrong values after the passes";
                }
            }
            catch (ToolchainException e)
            {
                return e.Message;
            }
        }
        return null;
    }

    // Integers of a quantised port stand for reals; unsigned ones are 128 less in the graph.
    private static float[] Reals(TensorProto tensor, GraphPort port)
    {
        float[] values = OfficialNodeCase.Reals(tensor);
        if (port.Tensor.Quantization is not { } quantization)
            return values;
        int zeroPoint = quantization.ZeroPoint + (tensor.DataType == DataType.Uint8 ? 128 : 0);
        return Array.ConvertAll(values, value => (value - zeroPoint) * quantization.Scale);
    }

    /// <summary>In units of <see cref="ModelRun.Difference"/>: the relative tolerance of the official runner, 1e-3, with the absolute one of the contract.</summary>
    private const double Tolerance = 10;

    // Equal infinities and NaNs agree.
    private static double Difference(float[] expected, float[] actual)
    {
        for (int i = 0; i < expected.Length && expected.Length == actual.Length; i++)
        {
            if (expected[i].Equals(actual[i]))
                expected[i] = actual[i] = 0;
        }
        return ModelRun.Difference(expected, actual);
    }
}
