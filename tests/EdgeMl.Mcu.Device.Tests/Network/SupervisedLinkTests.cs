using EdgeMl.Mcu.Agent.Messages;
using EdgeMl.Mcu.Agent.Ports;
using EdgeMl.Mcu.Device.Network;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Device.Tests.Network;

public class SupervisedLinkTests
{
    private enum Event
    {
        Connect,
        Enable,
        Disable,
        Lose,
        LoseWhileOpening,
        DisableWhileOpening,
        Refuse,
        NetworkGone,
        Publish,
        Step,
    }

    [Fact]
    public void Any_events_leave_the_client_opened_and_closed_in_turn_and_a_link_that_connects_again()
    {
        int connections = 0;
        Gen<Event[]> events = Gen.Choose(0, (int)Event.Step).Select(value => (Event)value).ArrayOf(60);
        Prop.ForAll(events.ToArbitrary(), all =>
        {
            using var board = new Board();
            int last = 0;
            foreach (Event next in all)
            {
                board.Do(next);
                int connection = board.Link.Connection;
                Assert.True(connection == 0 || connection >= last);
                last = Math.Max(last, connection);
            }
            // Whatever was before, a link that may connect and is asked to does so, under a number of its own.
            board.Do(Event.Step);
            board.Link.Enable(true);
            board.Link.Connect();
            board.Do(Event.Step);
            Assert.NotEqual(0, board.Link.Connection);
            connections += board.Transport.Opens;
            board.Link.Stop();
            Assert.False(board.Link.Step());
            Assert.Equal((false, false, LinkState.Closed), (board.Transport.IsOpen, board.Network.IsJoined, board.Link.State));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

        Assert.InRange(connections, 1_000, int.MaxValue);
    }

    [Fact]
    public void A_connection_that_is_lost_while_it_is_made_is_closed_at_once()
    {
        using var board = new Board();
        board.Do(Event.LoseWhileOpening);

        Assert.Equal((1, false, 0), (board.Transport.Opens, board.Transport.IsOpen, board.Link.Connection));
    }

    [Fact]
    public void A_link_that_may_not_connect_leaves_the_network()
    {
        using var board = new Board();
        board.Link.Connect();
        board.Do(Event.Step);
        Assert.True(board.Network.IsJoined);

        board.Do(Event.Disable);
        board.Link.Connect();
        board.Do(Event.Step);

        Assert.Equal((false, false, 0), (board.Network.IsJoined, board.Transport.IsOpen, board.Link.Connection));
    }

    [Fact]
    public void Messages_go_to_the_inbox_as_far_as_it_has_room_and_wake_the_agent()
    {
        using var board = new Board();
        board.Link.Connect();
        board.Do(Event.Step);
        board.News.Reset();

        for (int i = 0; i < 20; i++)
            board.Transport.Receive(board.Topics.Desired, new byte[100]);
        board.Transport.Receive("some/other/topic", new byte[4]);

        Assert.True(board.News.WaitOne(0));
        Assert.Equal((MessageKind.Desired, 18), (board.Link.Inbox.Take(), board.Link.Inbox.Dropped));
    }

    [Fact]
    public void Nothing_is_handed_to_the_client_without_a_connection()
    {
        using var board = new Board();

        Assert.False(board.Link.Publish("topic", [1], 0, 1, 1));
        Assert.False(board.Link.Subscribe("topic", 1));
        Assert.False(board.Link.Unsubscribe("topic"));
        Assert.Equal(0, board.Transport.Published);
    }

    [Fact]
    public void A_thread_that_does_not_come_back_from_the_client_is_noticed()
    {
        using var board = new Board();
        board.Transport.WhileOpening = () =>
        {
            Assert.False(board.Link.IsStuck);
            board.Clock.Now += SupervisedLink.OpeningMax;
            Assert.True(board.Link.IsStuck);
        };
        board.Link.Connect();
        board.Do(Event.Step);

        Assert.Equal(1, board.Transport.Opens);
        Assert.False(board.Link.IsStuck);
    }

    private sealed class Board : IDisposable
    {
        private readonly AutoResetEvent _work = new(false);

        public Board()
        {
            Topics = new DeviceTopics("plant", "pump-1");
            Link = new SupervisedLink(Transport, Network, Clock, _work, News) { Inbox = new Inbox(Topics, 256) };
        }

        public DeviceTopics Topics { get; }

        public ScriptedTransport Transport { get; } = new();

        public ScriptedNetwork Network { get; } = new();

        public TestClock Clock { get; } = new();

        public AutoResetEvent News { get; } = new(false);

        public SupervisedLink Link { get; }

        public void Dispose()
        {
            _work.Dispose();
            News.Dispose();
        }

        public void Do(Event next)
        {
            (Transport.Accepts, Network.IsThere, Transport.WhileOpening) = (next != Event.Refuse, next != Event.NetworkGone, null);
            if (next == Event.Enable)
                Link.Enable(true);
            else if (next is Event.Connect or Event.Refuse or Event.NetworkGone or Event.LoseWhileOpening or Event.DisableWhileOpening)
                Link.Connect();
            else if (next == Event.Disable)
                Link.Enable(false);
            else if (next == Event.Lose)
                Transport.Lose();
            else if (next == Event.Publish)
                Assert.Equal(Link.Connection != 0, Link.Publish("t", [1, 2], 0, 2, 0));
            Transport.WhileOpening = next switch
            {
                Event.LoseWhileOpening => Transport.Lose,
                Event.DisableWhileOpening => () => Link.Enable(false),
                _ => null,
            };
            // Between a call and the thread's turn others may come.
            if (next is not (Event.Connect or Event.Publish or Event.Lose or Event.Enable))
                Assert.True(Link.Step());
        }
    }
}

/// <summary>A clock that a test sets.</summary>
internal sealed class TestClock : DeviceClock
{
    public long Now { get; set; }

    public override long Milliseconds => Now;
}
