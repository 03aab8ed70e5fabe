using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Metering.Tests;

public sealed class RandomProgramTests
{
    private static readonly Config Programs = Config.QuickThrowOnFailure.WithMaxTest(25);

    [Fact]
    public void A_random_program_computes_the_same_and_counts_what_counting_every_instruction_counts() => Check.One(Programs, Prop.ForAll(
        Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
        {
            byte[] image = Device.Compile(RandomProgram.Source(seed), $"Random{seed}");
            using MeteredProgram program = MeteredProgram.Load(image);
            var run = program.Bind<Func<int, int>>("P", "Run");
            var ticking = new TickingProgram(image);
            for (int argument = 0; argument < 8; argument++)
            {
                int result = 0;
                Counters counters = program.Measure(() => result = run(argument));
                (int expected, long instructions) = ticking.Run(argument);
                if (result != expected || counters.Instructions - counters.ByClass[OpcodeClass.Library] != instructions || counters.UnknownLibraryCalls != 0)
                    return false;
            }
            return true;
        }));

    [Fact]
    public void Random_programs_reach_every_kind_of_control_flow()
    {
        var total = new Dictionary<OpcodeClass, long>();
        int thrown = 0;
        for (int seed = 0; seed < 10; seed++)
        {
            using MeteredProgram program = MeteredProgram.Load(Device.Compile(RandomProgram.Source(seed), "Random"));
            var run = program.Bind<Func<int, int>>("P", "Run");
            Counters counters = program.Measure(() => thrown += Enumerable.Range(0, 8).Count(argument => run(argument) == -1));
            foreach ((OpcodeClass each, long count) in counters.ByClass)
                total[each] = total.GetValueOrDefault(each) + count;
        }

        Assert.InRange(thrown, 1, (10 * 8) - 1);
        Assert.All(new[] { OpcodeClass.Exception, OpcodeClass.Branch, OpcodeClass.Call, OpcodeClass.Allocation, OpcodeClass.Array }, each => Assert.True(total[each] > 20, $"{each}: {total[each]}"));
    }
}
