using EdgeMl.Mcu.Agent.Cbor;
using EdgeMl.Mcu.Agent.Ports;

namespace EdgeMl.Mcu.Agent.Messages;

/// <summary>What makes messages fresh: the device's nonce of the connection, the relay's challenge, and the sequence numbers of both directions.</summary>
public sealed class Session
{
    /// <summary>Bytes of a nonce and of a challenge.</summary>
    public const int NonceBytes = 8;

    private readonly RandomSource _random;
    private long _lastDesired;
    private long _lastAcknowledgement;

    /// <summary>Creates a session; <see cref="Renew"/> begins it.</summary>
    public Session(RandomSource random)
    {
        _random = random;
    }

    /// <summary>The device's nonce.</summary>
    public byte[] Nonce { get; } = new byte[NonceBytes];

    /// <summary>The relay's challenge; zeros until the first order.</summary>
    public byte[] Challenge { get; } = new byte[NonceBytes];

    /// <summary>Whether an order has come since <see cref="Renew"/>: only then the relay believes a status.</summary>
    public bool HasChallenge { get; private set; }

    /// <summary>Sequence number of the last status.</summary>
    public long StatusSequence { get; private set; }

    /// <summary>Whether the message that <see cref="ReadFreshness"/> read last was of another session: the relay is not in this one, or the message is late.</summary>
    public bool IsOfOther { get; private set; }

    /// <summary>Draws a new nonce and forgets the relay's part.</summary>
    public void Renew()
    {
        _random.Fill(Nonce, 0, NonceBytes);
        for (int i = 0; i < NonceBytes; i++)
            Challenge[i] = 0;
        HasChallenge = false;
        StatusSequence = 0;
        _lastDesired = 0;
        _lastAcknowledgement = 0;
    }

    /// <summary>An order has come, with a challenge.</summary>
    public void OnDesired()
    {
        HasChallenge = true;
    }

    /// <summary>Counts a status.</summary>
    /// <returns>Its sequence number.</returns>
    public long NextStatus()
    {
        return ++StatusSequence;
    }

    /// <summary>Reads nonce and sequence number, the first pairs of a downlink body.</summary>
    /// <param name="reader">Behind the head of the body's map.</param>
    /// <param name="data">The bytes that it reads.</param>
    /// <param name="kind">Which message it is. The numbers grow over all kinds; each kind is compared with its own last one, so that two kinds may overtake each other.</param>
    /// <returns>Whether the message is of this session and newer than the last one of its kind; the reader has failed where it is malformed.</returns>
    public bool ReadFreshness(CborReader reader, byte[] data, MessageKind kind)
    {
        if (reader.ReadKey(-1) != 0)
            reader.Fail();
        reader.ReadBytes(NonceBytes);
        int nonce = reader.DataOffset;
        if (reader.ReadKey(0) != 1)
            reader.Fail();
        long sequence = reader.ReadInteger();
        IsOfOther = !reader.Failed && !IsNonce(data, nonce);
        if (reader.Failed || IsOfOther || sequence <= (kind == MessageKind.Desired ? _lastDesired : _lastAcknowledgement))
            return false;
        if (kind == MessageKind.Desired)
            _lastDesired = sequence;
        else
            _lastAcknowledgement = sequence;
        return true;
    }

    private bool IsNonce(byte[] data, int offset)
    {
        for (int i = 0; i < NonceBytes; i++)
        {
            if (data[offset + i] != Nonce[i])
                return false;
        }
        return true;
    }
}
