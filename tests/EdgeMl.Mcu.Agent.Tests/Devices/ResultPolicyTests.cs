using EdgeMl.Mcu.Agent.Cbor;
using EdgeMl.Mcu.Agent.Results;

namespace EdgeMl.Mcu.Agent.Tests.Devices;

public class ResultPolicyTests
{
    private const int Day = 24 * 60 * 60 * 1000;

    [Fact]
    public void By_default_a_change_of_the_class_is_reported()
    {
        var policy = new ResultPolicy();

        Assert.True(Report(policy, index: 2, top: 5, margin: 9, now: 0));
        Assert.False(Report(policy, index: 2, top: 9, margin: 9, now: 10));
        Assert.True(Report(policy, index: 1, top: 5, margin: 9, now: 20));
        Assert.True(Report(policy, index: 2, top: 5, margin: 9, now: 30));
    }

    [Fact]
    public void A_new_model_has_other_classes()
    {
        var policy = new ResultPolicy();
        Assert.True(Report(policy, index: 2, top: 5, margin: 9, now: 0));
        policy.OnModel();
        Assert.True(Report(policy, index: 2, top: 5, margin: 9, now: 1));
    }

    [Fact]
    public void Below_the_threshold_nothing_is_reported()
    {
        ResultPolicy policy = Policy(writer => Fields(writer, (0, w => w.WriteBool(false)), (1, w => w.WriteInteger(40))));

        Assert.False(Report(policy, index: 1, top: 39, margin: 50, now: 0));
        Assert.True(Report(policy, index: 1, top: 40, margin: 50, now: 1));
    }

    [Fact]
    public void Reports_keep_their_least_interval()
    {
        ResultPolicy policy = Policy(writer => Fields(writer, (0, w => w.WriteBool(false)), (1, w => w.WriteNull()), (2, w => w.WriteInteger(1000))));

        Assert.Equal([0, 1000, 2000], Enumerable.Range(0, 30).Select(i => i * 100).Where(now => Report(policy, index: 1, top: 0, margin: 50, now)));
    }

    [Fact]
    public void Uncertain_samples_are_reported_without_a_change_up_to_the_bytes_of_a_day()
    {
        ResultPolicy policy = Policy(writer => Fields(writer, (3, w => w.WriteInteger(4)), (4, w => w.WriteInteger(100))));
        Assert.True(Report(policy, index: 1, top: 5, margin: 5, now: 0));
        Assert.False(policy.WantsSample(5, 30, 0));

        Assert.True(Report(policy, index: 1, top: 5, margin: 4, now: 1));
        int samples = 0;
        for (int now = 1; policy.WantsSample(4, 30, now); now++, samples++)
            policy.OnReported(1, 30, now);
        Assert.Equal(3, samples);
        Assert.False(policy.WantsSample(4, 30, Day - 1));
        Assert.True(policy.WantsSample(4, 30, Day));
    }

    [Fact]
    public void A_policy_that_names_one_field_leaves_the_others()
    {
        ResultPolicy policy = Policy(writer => Fields(writer, (0, w => w.WriteBool(false)), (2, w => w.WriteInteger(50)), (5, w => w.WriteInteger(7))));
        Read(policy, writer => Fields(writer, (1, w => w.WriteInteger(3))));

        Assert.Equal((false, 3, 50, 7), (policy.IsOnChange, policy.Threshold, policy.IntervalMilliseconds, policy.KeepRecords));
    }

    private static bool Report(ResultPolicy policy, int index, int top, int margin, long now)
    {
        bool isReported = policy.Reports(index, top, margin, now);
        if (isReported)
            policy.OnReported(index, 0, now);
        return isReported;
    }

    private static ResultPolicy Policy(Action<CborWriter> write)
    {
        var policy = new ResultPolicy();
        Read(policy, write);
        return policy;
    }

    private static void Read(ResultPolicy policy, Action<CborWriter> write)
    {
        byte[] body = TestBodies.Encode(write);
        var reader = new CborReader();
        reader.Reset(body, 0, body.Length);
        policy.Read(reader);
        Assert.True(reader.Finish());
    }

    private static void Fields(CborWriter writer, params (int Key, Action<CborWriter> Value)[] fields)
    {
        writer.WriteMap(fields.Length);
        foreach ((int key, Action<CborWriter> value) in fields)
        {
            writer.WriteInteger(key);
            value(writer);
        }
    }
}
