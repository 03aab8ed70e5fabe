using EdgeMl.Mcu.Relay.Client;

namespace EdgeMl.Mcu.Relay.Rollouts;

/// <summary>Members of a rollout, or of its present stage, by state.</summary>
internal readonly struct MemberTally
{
    private readonly int[] _counts;

    /// <summary>Counts members.</summary>
    public MemberTally(IEnumerable<(MemberState State, int Count)> counts)
    {
        _counts = new int[Enum.GetValues<MemberState>().Length];
        foreach ((MemberState state, int count) in counts)
            _counts[(int)state] += count;
    }

    /// <summary>Members in a state.</summary>
    public int this[MemberState state] => _counts?[(int)state] ?? 0;

    /// <summary>All members.</summary>
    public int Total => _counts?.Sum() ?? 0;

    /// <summary>Members whose outcome counts: neither taken over by a later rollout nor cancelled.</summary>
    public int Considered => Total - this[MemberState.Superseded] - this[MemberState.Cancelled];

    /// <summary>Members that may still get or have an order.</summary>
    public int Open => this[MemberState.Waiting] + this[MemberState.Ordered];
}
