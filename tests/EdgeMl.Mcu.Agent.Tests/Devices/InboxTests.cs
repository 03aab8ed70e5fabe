using EdgeMl.Mcu.Agent.Messages;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Agent.Tests.Devices;

public class InboxTests
{
    private const string Chunks = "edgeml/f/chunk/00";

    [Fact]
    public void Messages_come_out_as_they_went_in_whatever_the_order_of_adding_and_taking() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
    {
        var random = new Random(seed);
        var inbox = new Inbox(new DeviceTopics("f", "d"), random.Next(20, 400));
        inbox.Expect(Chunks);
        var expected = new Queue<byte[]>();
        for (int i = 0; i < 300; i++)
        {
            if (random.Next(2) == 0)
            {
                var message = new byte[random.Next(120)];
                random.NextBytes(message);
                bool isTaken = inbox.Add(Chunks, message, 0, message.Length);
                Assert.True(isTaken || expected.Count > 0 || message.Length + 4 > inbox.Buffer.Length);
                if (isTaken)
                    expected.Enqueue(message);
            }
            else if (expected.TryDequeue(out byte[]? message))
            {
                Assert.Equal(MessageKind.Chunk, inbox.Take());
                Assert.Equal(message, inbox.Buffer.AsSpan(inbox.Offset, inbox.Length).ToArray());
                inbox.Release();
            }
        }
        Assert.Equal(expected.Count == 0, inbox.IsEmpty);
        return true;
    }));

    [Fact]
    public void Chunks_of_a_former_blob_are_skipped()
    {
        var inbox = new Inbox(new DeviceTopics("f", "d"), 200);
        inbox.Expect(Chunks);
        inbox.Add(Chunks, [1], 0, 1);
        inbox.Add("edgeml/f/down/d/desired", [2], 0, 1);
        inbox.Expect(Chunks);
        inbox.Add(Chunks, [3], 0, 1);

        Assert.Equal(MessageKind.Desired, inbox.Take());
        inbox.Release();
        Assert.Equal(MessageKind.Chunk, inbox.Take());
        Assert.Equal(3, inbox.Buffer[inbox.Offset]);
        inbox.Release();
        Assert.Equal(MessageKind.None, inbox.Take());
    }
}
