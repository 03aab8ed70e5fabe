using System.Text;
using EdgeMl.Mcu.Bench.Flashing;
using EdgeMl.Mcu.Bench.WireProtocol;
using EdgeMl.Mcu.Testing;
using Microsoft.CodeAnalysis;

namespace EdgeMl.Mcu.OnClr.Tests.WireProtocol;

/// <summary>Applications for a board, made by the real compiler and metadata processor, and what they print there.</summary>
internal static class DeployedProgram
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>An application that prints one line and then waits for ever.</summary>
    public static IReadOnlyList<NanoAssemblyFile> Hello(string text, string name = "Hello") =>
        FromSource($"public static class Program {{ public static void Main() {{ System.Diagnostics.Debug.WriteLine(\"{text}\"); System.Threading.Thread.Sleep(-1); }} }}", name);

    /// <summary>An application of one source text.</summary>
    public static IReadOnlyList<NanoAssemblyFile> FromSource(string source, string name) =>
        Compile(compiler => compiler.Compile(name, [DeviceCompiler.Parse(source)], OutputKind.ConsoleApplication));

    /// <summary>An application as a build leaves it in its output folder.</summary>
    public static IReadOnlyList<NanoAssemblyFile> Compile(Action<DeviceCompiler> compile)
    {
        using var folder = new TemporaryFolder();
        var compiler = new DeviceCompiler(folder.Path);
        compile(compiler);
        File.Copy(NanoTools.Library("mscorlib.pe"), folder.File("mscorlib.pe"));
        return NanoAssemblyFile.ReadFolder(folder.Path);
    }

    /// <summary>Restarts the application of a board and reads what it prints up to a line.</summary>
    public static string OutputUpTo(string port, string lastLine)
    {
        var output = new StringBuilder();
        using WireConnection connection = WireConnection.Open(port, cancellationToken: TestContext.Current.CancellationToken);
        connection.Output += bytes =>
        {
            lock (output)
                output.Append(Encoding.UTF8.GetString(bytes));
        };
        new BoardRestart(connection, new WireClient(connection)).Start(TestContext.Current.CancellationToken);
        Assert.True(SpinWait.SpinUntil(() => Text().Contains(lastLine, StringComparison.Ordinal), Patience), $"'{lastLine}' did not come: {Text()}");
        return Text();

        string Text()
        {
            lock (output)
                return output.ToString();
        }
    }
}
