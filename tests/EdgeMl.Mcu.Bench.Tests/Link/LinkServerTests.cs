using EdgeMl.Mcu.Link;
using EdgeMl.Mcu.Link.Framing;
using EdgeMl.Mcu.Link.Server;
using EdgeMl.Mcu.Testing;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Bench.Tests.Link;

public class LinkServerTests
{
    private readonly MemoryPort _port = new();
    private readonly TestBoard _board = new(5);
    private readonly FrameReader _reader = new(FrameFormat.FrameBytesMax);
    private readonly FeedSensor _feed = new(16, 1);
    private readonly LinkServer _server;

    public LinkServerTests() => _server = new LinkServer(_port, _board, new LinkLimits()) { Feed = _feed };

    [Fact]
    public void A_repeated_request_is_answered_again_and_not_carried_out_again()
    {
        byte[] request = Frames.Make(LinkKind.Feed, 9, [4, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4]);

        var first = Ask(request);
        var second = Ask(request);
        var other = Ask(Frames.Make(LinkKind.Feed, 10, [4, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4]));

        Assert.Equal((0, 0, (int)LinkError.FeedBusy), (first.Status, second.Status, other.Status));
        Assert.Equal((2, 1), (_server.Requests, _server.Repeats));
    }

    [Fact]
    public void Another_request_with_the_same_number_is_carried_out()
    {
        Assert.Equal([1], Ask(Frames.Make(LinkKind.Echo, 9, 1)).Payload);
        Assert.Equal([2], Ask(Frames.Make(LinkKind.Echo, 9, 2)).Payload);
    }

    [Fact]
    public void A_restart_is_for_the_start_that_the_host_has_seen()
    {
        Assert.Equal((int)LinkError.Restarted, Ask(Frames.Make(LinkKind.Reboot, 1, 4, 0, 0, 0)).Status);
        Assert.Equal(0, _board.Reboots);
        Assert.Equal(0, Ask(Frames.Make(LinkKind.Reboot, 2, 5, 0, 0, 0)).Status);
        Assert.Equal(1, _board.Reboots);
    }

    [Fact]
    public void Another_version_is_answered_with_its_error()
    {
        byte[] frame = [9, LinkKind.Echo, 3, 0, 0];
        int crc = Crc16.Compute(frame, 0, frame.Length);
        byte[] buffer = [0, 0, 0, .. frame, (byte)crc, (byte)(crc >> 8)];
        int count = Cobs.Encode(buffer, 3, 7, 1);

        Assert.Equal((int)LinkError.Version, Ask([.. buffer[..(1 + count)], 0]).Status);
    }

    [Fact]
    public void An_unknown_request_and_one_without_a_model_have_their_errors()
    {
        Assert.Equal((int)LinkError.UnknownRequest, Ask(Frames.Make(0x7F, 1)).Status);
        Assert.Equal((int)LinkError.NoModel, Ask(Frames.Make(LinkKind.Run, 2, 0)).Status);
        Assert.Equal((int)LinkError.NoTransfer, Ask(Frames.Make(LinkKind.PutBlock, 3, 0, 0, 0, 0, 1)).Status);
    }

    [Fact]
    public void Blocks_in_the_wrong_order_are_told_where_to_go_on_and_repeated_ones_are_taken_as_done()
    {
        byte[] content = [1, 2, 3, 4];
        byte[] crc = BitConverter.GetBytes(Crc32C.Append(0, content, 0, 4));
        Ask(Frames.Make(LinkKind.PutBegin, 1, [1, 4, 0, 0, 0, .. crc, (byte)'f']));

        Assert.Equal(((int)LinkError.Offset, 0), Next(Frames.Make(LinkKind.PutBlock, 2, 2, 0, 0, 0, 3, 4)));
        Assert.Equal((0, 2), Next(Frames.Make(LinkKind.PutBlock, 3, 0, 0, 0, 0, 1, 2)));
        Assert.Equal((0, 2), Next(Frames.Make(LinkKind.PutBlock, 4, 0, 0, 0, 0, 1, 2)));
        Assert.Equal(((int)LinkError.Incomplete, 2), Next(Frames.Make(LinkKind.PutCommit, 5, crc)));
        Assert.Equal((0, 2), Next(Frames.Make(LinkKind.PutBegin, 6, [1, 4, 0, 0, 0, .. crc, (byte)'f'])));
        Assert.Equal((0, 4), Next(Frames.Make(LinkKind.PutBlock, 7, 2, 0, 0, 0, 3, 4)));
        Assert.Equal(0, Ask(Frames.Make(LinkKind.PutCommit, 8, crc)).Status);
        Assert.Equal(content, _board.Stored.Committed["f"]);
        Assert.Equal([2, 1, 4, 0, 0, 0, .. crc, 4, 0, 0, 0], Ask(Frames.Make(LinkKind.PutState, 9)).Payload);
    }

    [Fact]
    public void Any_request_with_any_payload_is_answered()
    {
        byte[] model = DenseModels.Compile(8_192, 1).Bytes;
        Gen<(int Kind, byte[] Payload)> request =
            from kind in Gen.Elements(typeof(LinkKind).GetFields().Select(field => (int)field.GetRawConstantValue()!).Where(kind => kind is not (LinkKind.Answer or LinkKind.Reboot)).Append(0x77).ToArray())
            from length in Gen.Choose(0, 12)
            from payload in Gen.OneOf(Gen.Choose(0, 3), Gen.Choose(0, 255)).ListOf(length)
            select (kind, payload.Select(value => (byte)value).ToArray());
        int sequence = 0;
        Put(model, ref sequence);
        Prop.ForAll(request.ListOf().ToArbitrary(), requests =>
        {
            foreach ((int kind, byte[] payload) in requests)
            {
                sequence = (sequence + 1) & 0xFFFF;
                var answer = Ask(Frames.Make(kind, sequence, payload));
                Assert.Equal((kind | LinkKind.Answer, sequence), (answer.Kind, answer.Sequence));
                Assert.True(answer.Status < 19 || answer.Status > 200);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    [Fact]
    public void Requests_allocate_nothing()
    {
        int sequence = 0;
        byte[] put = [.. PutFrames(DenseModels.Compile(8_192, 1).Bytes, () => ++sequence).SelectMany(frame => frame)];
        byte[][] requests =
        [
            Frames.Make(LinkKind.Identify, ++sequence), Frames.Make(LinkKind.Echo, ++sequence, new byte[900]), Frames.Make(LinkKind.InputBlock, ++sequence, new byte[68]),
            Frames.Make(LinkKind.Run, ++sequence, 0), Frames.Make(LinkKind.Run, ++sequence, 2), Frames.Make(LinkKind.OutputBlock, ++sequence, 0, 0, 0, 0),
            Frames.Make(LinkKind.Counters, ++sequence, 0), Frames.Make(LinkKind.PutState, ++sequence), Frames.Make(LinkKind.Run, ++sequence, 9, 9),
        ];
        byte[] all = [.. requests.SelectMany(request => request)];
        var port = new ArrayPort();
        var server = new LinkServer(port, _board, new LinkLimits());
        port.Put(put);
        Serve(server, port);
        port.Put(all);
        Serve(server, port);
        int requestsBefore = server.Requests;
        port.Put(all);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Serve(server, port);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(requests.Length, server.Requests - requestsBefore);
    }

    private static void Serve(LinkServer server, ArrayPort port)
    {
        while (!port.IsAtEnd || server.Step())
            server.Step();
    }

    private void Put(byte[] file, ref int sequence)
    {
        int number = sequence;
        foreach (byte[] frame in PutFrames(file, () => ++number))
            Assert.Equal(0, Ask(frame).Status);
        sequence = number;
    }

    private static IEnumerable<byte[]> PutFrames(byte[] file, Func<int> sequence)
    {
        byte[] crc = BitConverter.GetBytes(Crc32C.Append(0, file, 0, file.Length));
        yield return Frames.Make(LinkKind.PutBegin, sequence(), [0, .. BitConverter.GetBytes(file.Length), .. crc]);
        for (int offset = 0; offset < file.Length; offset += 1000)
            yield return Frames.Make(LinkKind.PutBlock, sequence(), [.. BitConverter.GetBytes(offset), .. file.Skip(offset).Take(1000)]);
        yield return Frames.Make(LinkKind.PutCommit, sequence(), crc);
    }

    private (int Status, int Next) Next(byte[] request)
    {
        var answer = Ask(request);
        return (answer.Status, BitConverter.ToInt32(answer.Payload));
    }

    private (int Kind, int Sequence, int Status, byte[] Payload) Ask(byte[] request)
    {
        _port.Sent.Clear();
        _port.Put(request);
        while (_server.Step())
        {
        }
        var answers = new MemoryPort();
        answers.Put([.. _port.Sent]);
        return Assert.Single(Frames.ReadAll(_reader, answers));
    }
}
