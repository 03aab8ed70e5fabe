using EdgeMl.Mcu.Ota.Keys;

namespace EdgeMl.Mcu.Ota.Tests.Keys;

/// <summary>Power cuts at every operation, alone and in pairs, with every outcome of what was not durable.</summary>
public class LeafLedgerTests(ITestOutputHelper output)
{
    private const string KeyId = "0123456789abcdef";
    private static readonly KeyPaths Paths = new("/keys/publisher", "/machine");

    private delegate void Check(PowerCutFiles files, HashSet<int> signed);

    [Fact]
    public void No_leaf_is_given_twice_and_one_at_most_is_lost_at_each_cut_wherever_the_power_goes()
    {
        int cuts = ForEachCut(Signed(2), [0, 1], Reserve, (files, signed) =>
        {
            int next = Reserve(files);
            Assert.DoesNotContain(next, signed);
            Assert.InRange(next, signed.Count, 3);
        });
        output.WriteLine($"{cuts} cuts.");
        Assert.True(cuts > 50);
    }

    [Fact]
    public void No_leaf_is_given_twice_when_the_power_goes_again_while_the_first_cut_is_repaired()
    {
        int pairs = 0;
        ForEachCut(Signed(1), [0], Reserve, (files, signed) => pairs += ForEachCut(files, signed, Reserve, (again, both) =>
        {
            int next = Reserve(again);
            Assert.DoesNotContain(next, both);
            Assert.InRange(next, both.Count, 3);
        }));
        output.WriteLine($"{pairs} pairs of cuts.");
        Assert.True(pairs > 5_000);
    }

    [Fact]
    public void A_creation_that_is_cut_off_leaves_a_key_without_signatures_or_none()
    {
        ForEachCut(new PowerCutFiles(), [], files =>
        {
            new LeafLedger(files, Paths, KeyId).Create();
            return -1;
        }, (files, _) =>
        {
            try
            {
                Assert.Equal(0, Reserve(files));
            }
            catch (OtaException e)
            {
                Assert.Equal(OtaErrorCodes.KeyStateLost, e.Code);
            }
        });
    }

    /// <summary>Runs an action with each cut and each outcome; the leaf that it returns counts as signed.</summary>
    private static int ForEachCut(PowerCutFiles start, IReadOnlyCollection<int> signedBefore, Func<PowerCutFiles, int> action, Check check)
    {
        int cases = 0;
        for (int cut = 0; ; cut++)
        {
            PowerCutFiles files = start.Restart(start.PendingNames, UnflushedBytes.Kept);
            files.CutAt = cut;
            var signed = new HashSet<int>(signedBefore);
            bool isCut = false;
            try
            {
                signed.Add(action(files));
            }
            catch (PowerCutException)
            {
                isCut = true;
            }
            for (int names = 0; names <= files.PendingNames; names++)
            {
                foreach (UnflushedBytes bytes in Enum.GetValues<UnflushedBytes>())
                {
                    check(files.Restart(names, bytes), [.. signed]);
                    cases++;
                }
            }
            if (!isCut)
                return cases;
        }
    }

    private static PowerCutFiles Signed(int count)
    {
        var files = new PowerCutFiles();
        new LeafLedger(files, Paths, KeyId).Create();
        for (int leaf = 0; leaf < count; leaf++)
            Assert.Equal(leaf, Reserve(files));
        return files;
    }

    private static int Reserve(PowerCutFiles files)
    {
        var ledger = new LeafLedger(files, Paths, KeyId);
        return ledger.Reserve(ledger.Open(), "00", null);
    }
}
