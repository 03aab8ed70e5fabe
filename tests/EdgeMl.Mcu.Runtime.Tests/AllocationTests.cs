using EdgeMl.Mcu.Runtime.Host;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Runtime.Tests;

public class AllocationTests
{
    // A collection that another test causes may add the rest of this thread's allocation buffer to the count of one run.
    private const int Runs = 5;

    public static TheoryData<string> Models() => [.. CompiledModels.Digits, .. CompiledModels.Golden];

    [Theory]
    [MemberData(nameof(Models))]
    public void Running_a_model_allocates_nothing(string name)
    {
        var interpreter = new Interpreter(Model.Load(CompiledModels.Get(name).Bytes));
        TensorInfo input = interpreter.Model.Input(0);
        TensorInfo output = interpreter.Model.Output(0);
        var values = new sbyte[input.Count];
        var reals = new float[output.Count];
        foreach (bool accelerated in new[] { true, false })
        {
            HostAcceleration.Enabled = accelerated;
            Run();
            Assert.Equal(0, Enumerable.Range(0, Runs).Select(_ => Allocated(Run)).Min());
            HostAcceleration.Enabled = true;
        }

        void Run()
        {
            interpreter.SetInput(0, values);
            interpreter.Invoke();
            interpreter.GetOutput(0, reals);
            interpreter.ArgMax(0);
            interpreter.SelfTest();
        }
    }

    private static long Allocated(Action run)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        run();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
