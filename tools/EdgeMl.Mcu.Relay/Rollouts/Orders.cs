using Dapper;
using EdgeMl.Mcu.Agent;
using EdgeMl.Mcu.Relay.Client;
using EdgeMl.Mcu.Relay.Registry;
using Microsoft.Data.Sqlite;

namespace EdgeMl.Mcu.Relay.Rollouts;

/// <summary>Writes orders and their outcomes. Every change is bound to rollout, device and attempt, so that doing it again changes nothing.</summary>
internal static class Orders
{
    /// <summary>Gives a waiting member its order, or ends its membership where it needs none or can have none.</summary>
    /// <returns>Whether the device has an order now.</returns>
    public static bool Give(SqliteConnection connection, MemberRow member, Artifact artifact)
    {
        if (WithoutOrder(connection, member, artifact) is { } state)
        {
            SetState(connection, member, state, state == MemberState.Failed ? (int)AgentError.Signature : 0);
            return false;
        }
        connection.Execute(
            "update member set state = @Superseded where device = @Device and rollout < @Rollout and state in @open",
            new { MemberState.Superseded, member.Device, member.Rollout, open = new[] { MemberState.Waiting, MemberState.Ordered, MemberState.RollingBack } });
        connection.Execute("update member set previous = coalesce(previous, @Running) where rollout = @Rollout and ordinal = @Ordinal", member);
        Write(connection, member, MemberState.Ordered, artifact.Id, isRollback: false);
        return true;
    }

    /// <summary>Orders a member back to what it ran before.</summary>
    /// <param name="connection">Within a write.</param>
    /// <param name="member">A member that can go back.</param>
    /// <param name="fromSlot">Whether the device's other slot is to be used, as against a download.</param>
    public static void GiveBack(SqliteConnection connection, MemberRow member, bool fromSlot) =>
        Write(connection, member, MemberState.RollingBack, member.Previous!, fromSlot);

    /// <summary>Takes the order away from a member's device, if it is of this rollout.</summary>
    public static void Take(SqliteConnection connection, MemberRow member) => connection.Execute(
        "update device set order_rollout = null, order_manifest = null, order_rollback = 0 where id = @Device and order_rollout = @Rollout", member);

    /// <summary>Changes a member's state.</summary>
    public static void SetState(SqliteConnection connection, MemberRow member, MemberState state, int error) => connection.Execute(
        "update member set state = @state, error = @error where rollout = @Rollout and ordinal = @Ordinal", new { state, error, member.Rollout, member.Ordinal });

    private static MemberState? WithoutOrder(SqliteConnection connection, MemberRow member, Artifact artifact)
    {
        if (member.Revoked != 0)
            return MemberState.Cancelled;
        bool isTaken = connection.ExecuteScalar<long>(
            "select count(*) from member where device = @Device and rollout > @Rollout and state in @taken",
            new { member.Device, member.Rollout, taken = new[] { MemberState.Ordered, MemberState.Succeeded, MemberState.RollingBack } }) > 0;
        if (isTaken)
            return MemberState.Superseded;
        if (member.Running is { } running && running.AsSpan().SequenceEqual(artifact.Id) && member.OrderRollout is null)
            return MemberState.Succeeded;
        // The device has followed a rotation, and does not accept what a former key has signed.
        return member.KeyGeneration > artifact.Generation ? MemberState.Failed : null;
    }

    private static void Write(SqliteConnection connection, MemberRow member, MemberState state, byte[] manifest, bool isRollback)
    {
        long attempt = connection.ExecuteScalar<long>(
            """
            update device set attempt = attempt + 1, order_rollout = @Rollout, order_manifest = @manifest, order_rollback = @isRollback
            where id = @Device returning attempt
            """,
            new { member.Device, member.Rollout, manifest, isRollback });
        connection.Execute(
            "update member set state = @state, attempt = @attempt, orders = orders + 1, error = 0 where rollout = @Rollout and ordinal = @Ordinal",
            new { state, attempt, member.Rollout, member.Ordinal });
    }
}
