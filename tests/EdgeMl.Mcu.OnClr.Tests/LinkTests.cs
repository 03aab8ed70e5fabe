using System.Diagnostics;
using EdgeMl.Mcu.Link;
using EdgeMl.Mcu.Link.Framing;
using EdgeMl.Mcu.Metering;
using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Emit;
using Microsoft.CodeAnalysis;

namespace EdgeMl.Mcu.OnClr.Tests;

/// <summary>The bench link's server on the real interpreter: frames in, frames out.</summary>
public sealed class LinkTests(ITestOutputHelper log)
{
    private const int BlockBytes = 1000;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    [Fact]
    public void A_server_on_the_interpreter_answers_byte_for_byte_as_on_the_host()
    {
        Assert.SkipUnless(NanoTools.AreAvailable, NanoTools.Missing);
        byte[] file = EmlmCompiler.Compile(CompiledModels.Get("digits_cnn").Graph).Bytes;
        byte[] input = new byte[Model.Load(file).Input(0).ByteCount];
        new Random(2).NextBytes(input);
        using var folder = new TemporaryFolder();
        (string Name, byte[] Bytes)[] streams = Streams(file, input);
        DeviceCompiler compiler = Compile(folder, streams);

        string[] lines = Run(compiler);

        using MeteredProgram program = MeteredProgram.Load([.. compiler.PortableExecutables.Select(path => Path.GetFileNameWithoutExtension(path)).Where(name => name != "mscorlib").Select(compiler.Image)]);
        ModelMeter.InstallKernels(program);
        Assert.Equal([.. streams.Select((stream, i) => $"sent {Serve(program, i, stream)}".TrimEnd()), "end"], lines);
        AssertAnswers(lines, file, input);
    }

    private static (string Name, byte[] Bytes)[] Streams(byte[] file, byte[] input)
    {
        byte[] crc = BitConverter.GetBytes(Crc32C.Append(0, file, 0, file.Length));
        byte[] noise = new byte[BlockBytes];
        new Random(3).NextBytes(noise);
        byte[][] blocks = [.. file.Chunk(BlockBytes).Select((block, i) => Frame(LinkKind.PutBlock, 100 + i, [.. BitConverter.GetBytes(i * BlockBytes), .. block]))];
        byte[] echo = Frame(LinkKind.Echo, 2, noise);
        byte[] damaged = [.. echo];
        damaged[500] ^= 0x10;
        return
        [
            ("identify", Frame(LinkKind.Identify, 1)),
            ("echo of noise", echo),
            ("echo of zeros", Frame(LinkKind.Echo, 3, new byte[BlockBytes])),
            ("a repeated echo", Frame(LinkKind.Echo, 3, new byte[BlockBytes])),
            ("a damaged frame", damaged),
            ("noise", noise),
            ("begin", [0, .. Frame(LinkKind.PutBegin, 4, [0, .. BitConverter.GetBytes(file.Length), .. crc])]),
            ("blocks", [.. blocks.SelectMany(block => block)]),
            ("commit", Frame(LinkKind.PutCommit, 5, crc)),
            ("input", Frame(LinkKind.InputBlock, 6, [0, 0, 0, 0, .. input])),
            ("run", Frame(LinkKind.Run, 7, [0])),
            ("run by layers", Frame(LinkKind.Run, 8, [2])),
            ("self-test", Frame(LinkKind.SelfTest, 9)),
            ("counters", Frame(LinkKind.Counters, 10, [1])),
        ];
    }

    private string Serve(MeteredProgram program, int index, (string Name, byte[] Bytes) stream)
    {
        const string Type = "EdgeMl.Mcu.OnClr.LinkRunner";
        program.Bind<Action<int>>(Type, "Open")(index);
        Action serve = program.Bind<Action>(Type, "Serve");
        Counters counters = program.Measure(serve);
        string sent = program.Bind<Func<string>>(Type, "Sent")();
        int bytes = stream.Bytes.Length + (sent.Length / 2);
        log.WriteLine($"{stream.Name}: {stream.Bytes.Length:N0} bytes in, {sent.Length / 2:N0} out, {counters.Instructions:N0} IL, {(double)counters.Instructions / bytes:F1} a byte, {counters.AllocatedBytes:N0} bytes allocated");
        return sent;
    }

    private static void AssertAnswers(string[] lines, byte[] file, byte[] input)
    {
        var interpreter = new Interpreter(Model.Load(file));
        byte[] expected = new byte[interpreter.Model.Output(0).ByteCount];
        interpreter.SetInput(0, input);
        interpreter.Invoke();
        interpreter.GetOutput(0, expected);
        (int Kind, int Status, byte[] Payload)[] answers = [.. lines.SelectMany(Answers)];

        Assert.All(answers, answer => Assert.Equal(0, answer.Status));
        Assert.Equal([(LinkKind.Run | LinkKind.Answer, Convert.ToHexString(expected))], answers.Where(answer => answer.Kind == (LinkKind.Run | LinkKind.Answer)).Take(1).Select(answer => (answer.Kind, Convert.ToHexString(answer.Payload.AsSpan(8)))));
        Assert.Equal(3, answers.Count(answer => answer.Kind == (LinkKind.Echo | LinkKind.Answer)));
        Assert.Single(answers, answer => answer.Kind == (LinkKind.SelfTest | LinkKind.Answer));
    }

    private static IEnumerable<(int Kind, int Status, byte[] Payload)> Answers(string line)
    {
        if (line is not ['s', 'e', 'n', 't', .. var hex])
            yield break;
        var port = new BytesPort(Convert.FromHexString(hex.Trim()));
        var reader = new FrameReader(FrameFormat.FrameBytesMax);
        bool hasArrived;
        do
        {
            hasArrived = reader.Receive(port);
            while (reader.Next())
                yield return (reader.Kind, reader.Status, reader.Buffer[reader.PayloadOffset..(reader.PayloadOffset + reader.PayloadLength)]);
        }
        while (hasArrived);
    }

    private static byte[] Frame(int kind, int sequence, params byte[] payload)
    {
        var writer = new FrameWriter(FrameFormat.FrameBytesDefault);
        var port = new BytesPort([]);
        writer.Begin(kind, sequence);
        writer.WriteBytes(payload, 0, payload.Length);
        writer.End(0);
        Assert.True(!writer.Failed && writer.Send(port));
        return [.. port.Sent];
    }

    private static DeviceCompiler Compile(TemporaryFolder folder, (string Name, byte[] Bytes)[] streams)
    {
        var compiler = new DeviceCompiler(folder.Path);
        compiler.CompileRuntime();
        compiler.Compile("EdgeMl.Mcu.Agent", DeviceCompiler.AgentSources());
        compiler.Compile("EdgeMl.Mcu.Link", DeviceCompiler.SourcesOf("EdgeMl.Mcu.Link"));
        SyntaxTree payload = PayloadSource.Compile(compiler, [.. streams.Select(stream => new Payload(stream.Bytes, [0]))]);
        compiler.Compile("Runner", [DeviceCompiler.DeviceSource("LinkRunner.cs"), payload], OutputKind.ConsoleApplication);
        return compiler;
    }

    private static string[] Run(DeviceCompiler compiler)
    {
        var start = new ProcessStartInfo(NanoTools.NanoClr, compiler.PortableExecutables) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["NANOCLR_QUIET"] = "1";
        ProcessResult result = ProcessResult.Run(start, Limit);
        Assert.True(result.ExitCode == 0, result.Output);
        return result.Output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    }

    private sealed class BytesPort(byte[] arriving) : Mcu.Link.Ports.LinkPort
    {
        private int _place;

        public List<byte> Sent { get; } = [];

        public override int Read(byte[] buffer, int offset, int count)
        {
            int taken = Math.Min(count, arriving.Length - _place);
            Array.Copy(arriving, _place, buffer, offset, taken);
            _place += taken;
            return taken;
        }

        public override bool Write(byte[] buffer, int offset, int count)
        {
            Sent.AddRange(buffer.AsSpan(offset, count));
            return true;
        }
    }
}
