using EdgeMl.Mcu.Device.Network;

namespace EdgeMl.Mcu.Device.Tests.Network;

/// <summary>A client that does what a test says at each step, and asserts that it is used as it must be.</summary>
internal sealed class ScriptedTransport : MqttTransport
{
    public bool IsOpen { get; private set; }

    public int Opens { get; private set; }

    /// <summary>Whether the next attempt succeeds.</summary>
    public bool Accepts { get; set; } = true;

    /// <summary>Called while an attempt is under way, before its result is known to the link.</summary>
    public Action? WhileOpening { get; set; }

    public int Published { get; private set; }

    public override bool Open()
    {
        Assert.False(IsOpen, "opened twice without being closed");
        WhileOpening?.Invoke();
        IsOpen = Accepts;
        Opens += Accepts ? 1 : 0;
        return Accepts;
    }

    public override void Close()
    {
        Assert.True(IsOpen, "closed without being open");
        IsOpen = false;
    }

    public override bool Publish(string topic, byte[] payload, int quality)
    {
        Published++;
        return IsOpen;
    }

    public override bool Subscribe(string filter, int quality) => IsOpen;

    public override bool Unsubscribe(string filter) => IsOpen;

    public void Lose() => OnClosed();

    public void Receive(string topic, byte[] payload) => OnMessage(topic, payload);
}

/// <summary>A network that a test joins at will.</summary>
internal sealed class ScriptedNetwork : NetworkPort
{
    public bool IsThere { get; set; } = true;

    public bool IsJoined { get; private set; }

    public override bool Join() => IsJoined = IsThere;

    public override void Leave() => IsJoined = false;
}
