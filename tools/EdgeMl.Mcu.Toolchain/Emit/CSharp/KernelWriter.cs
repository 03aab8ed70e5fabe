namespace EdgeMl.Mcu.Toolchain.Emit.CSharp;

/// <summary>The kernel of a generated layer: two parameters, the arena offsets of input and output.</summary>
internal static class KernelWriter
{
    /// <summary>Index of the parameter with the offset of the input.</summary>
    public const int Input = 0;

    /// <summary>Index of the parameter with the offset of the output.</summary>
    public const int Output = 1;

    /// <summary>Number of parameters.</summary>
    public const int Count = 2;

    private const int OtherBytes = 100;

    /// <summary>Begins the statements of <c>Run</c>.</summary>
    public static MethodWriter Begin()
    {
        var writer = new MethodWriter();
        writer.Statement("sbyte[] arena = frame.Arena;", 3, 6);
        writer.Statement($"int input = frame.Int({Input});", 14, 8);
        writer.Statement($"int output = frame.Int({Output});", 14, 8);
        return writer;
    }

    /// <summary>A static class with one method.</summary>
    /// <param name="name">Name of the class.</param>
    /// <param name="parameters">Parameters of the method.</param>
    /// <param name="writer">Its statements.</param>
    public static GeneratedClass Method(string name, string parameters, MethodWriter writer) => new(name, $$"""
        internal static class {{name}}
        {
            public static void Run({{parameters}})
            {
        {{writer.Text.TrimEnd()}}
            }
        }

        """, writer.Bytes);

    /// <summary>The code of a layer with the statements of its <c>Run</c>.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="className">Name of the kernel's class.</param>
    /// <param name="run">The statements.</param>
    /// <param name="code">The code, but for its kernel.</param>
    public static GeneratedLayer WithKernel(WindowedLayer layer, string className, MethodWriter run, GeneratedLayer code) => code with
    {
        Kernel = new GeneratedClass(className, $$"""
            internal sealed class {{className}} : Kernel
            {
            {{(code.Table is null ? "" : Constructor(className))}}    public override int ParameterCount => {{Count}};

                public override void Validate(LayerReader layer)
                {
                    layer.Arena({{Input}}, {{layer.InputBytes}});
                    layer.Arena({{Output}}, {{layer.OutputBytes}});
                    layer.Weights({{code.Weights.Length}});
                    layer.Lanes({{code.Lanes}});
                    layer.Strip({{code.StripBytes}});
                }

                public override void Run(Frame frame)
                {
            {{run.Text.TrimEnd()}}
                }
            }

            """, run.Bytes + OtherBytes),
    };

    private static string Constructor(string className) => $$"""
            private readonly sbyte[] _table;

            public {{className}}(sbyte[] table)
            {
                _table = table;
            }


        """;
}
