namespace EdgeMl.Mcu.Metering.Tests;

/// <summary>Programs whose counts are known from their IL.</summary>
public sealed class KnownCountTests
{
    private const string Loop = "public static int Sum(int n) { int sum = 0; for (int i = 0; i < n; i++) sum += i; return sum; }";

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1000)]
    public void A_loop_counts_each_round(int rounds)
    {
        // ldc stloc ldc stloc br | ldloc ldloc add stloc ldloc ldc add stloc | ldloc ldarg blt | ldloc ret
        using MeteredProgram program = Device.Load(Loop);
        var sum = program.Bind<Func<int, int>>("P", "Sum");

        Counters counters = program.Measure(() => sum(rounds));

        Assert.Equal(5 + (8 * rounds) + (3 * (rounds + 1)) + 2, counters.Instructions);
        Assert.Equal(1 + rounds + 1, counters.ByClass[OpcodeClass.Branch]);
        Assert.Equal(2 * rounds, counters.ByClass[OpcodeClass.Arithmetic]);
        Assert.Equal(2 + rounds, counters.ByClass[OpcodeClass.Constant]);
        Assert.Equal(counters.Instructions, counters.ByClass.Values.Sum());
    }

    [Fact]
    public void A_call_counts_in_the_method_that_executes_it()
    {
        using MeteredProgram program = Device.Load("public static int Twice(int x) => Once(Once(x)); static int Once(int x) => x + 1;");
        var twice = program.Bind<Func<int, int>>("P", "Twice");

        Counters counters = program.Measure(() => twice(1));

        Assert.Equal([("P::Once(System.Int32)", 2, 8), ("P::Twice(System.Int32)", 1, 4)], counters.ByMethod().Select(method => (method.Method, method.Calls, method.Instructions)).OrderBy(method => method.Method, StringComparer.Ordinal).ToArray());
    }

    [Fact]
    public void Instructions_after_one_that_throws_do_not_count()
    {
        // Read: ldarg ldarg ldelem | ldc add ret. Guarded: ldarg ldarg call stloc leave | pop ldc stloc leave | ldloc ret
        using MeteredProgram program = Device.Load("static int Read(int[] a, int i) => a[i] + 1; public static int Guarded(int[] a, int i) { try { return Read(a, i); } catch (IndexOutOfRangeException) { return -1; } }");
        var guarded = program.Bind<Func<int[], int, int>>("P", "Guarded");
        int[] array = [7];

        Assert.Equal(8, guarded(array, 0));
        Assert.Equal(-1, guarded(array, 1));
        Assert.Equal(5 + 6 + 2, program.Measure(() => guarded(array, 0)).Instructions);
        Assert.Equal(3 + 3 + 4 + 2, program.Measure(() => guarded(array, 1)).Instructions);
    }

    [Fact]
    public void A_branch_into_the_middle_of_a_straight_run_counts_the_rest_of_it()
    {
        // ldarg ldc bgt | ldc br | ldarg | ret : the conditional expression leaves its value on the stack across the branches.
        using MeteredProgram program = Device.Load("public static int Clamp(int x) => x > 9 ? 9 : x;");
        var clamp = program.Bind<Func<int, int>>("P", "Clamp");

        Assert.Equal(5, program.Measure(() => clamp(1)).Instructions);
        Assert.Equal(5, program.Measure(() => clamp(10)).Instructions);
        Assert.Equal(9, clamp(10));
    }

    [Fact]
    public void Static_constructors_count_when_the_program_is_loaded_and_not_later()
    {
        using MeteredProgram program = Device.Load("static readonly int[] Table = Make(); static int[] Make() => new int[4]; public static int Read(int i) => Table[i];");
        var read = program.Bind<Func<int, int>>("P", "Read");

        // .cctor: call stsfld ret. Make: ldc newarr ret. Read: ldsfld ldarg ldelem ret.
        Assert.Equal(6, program.Initialization.Instructions);
        Assert.Equal(0, program.Snapshot().Instructions);
        Assert.Equal(4, program.Measure(() => read(1)).Instructions);
    }

    [Fact]
    public void Checked_arithmetic_wraps_as_on_the_device()
    {
        using MeteredProgram program = Device.Load("public static int Next(int x) { checked { return x + 1; } } public static sbyte Narrow(int x) { checked { return (sbyte)x; } }");

        Assert.Equal(int.MinValue, program.Bind<Func<int, int>>("P", "Next")(int.MaxValue));
        Assert.Equal(-128, program.Bind<Func<int, sbyte>>("P", "Narrow")(128));
    }

    [Fact]
    public void A_native_method_throws_as_on_firmware_without_it()
    {
        using MeteredProgram program = Device.Load("""
            [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.InternalCall)] static extern int Native(int x);
            public static int Try(int x) { try { return Native(x); } catch (NotSupportedException) { return x; } }
            """);
        var attempt = program.Bind<Func<int, int>>("P", "Try");

        Assert.Equal(5, attempt(5));
        // ldarg call | pop ldarg stloc leave | ldloc ret
        Assert.Equal(8, program.Measure(() => attempt(5)).Instructions);
    }

    [Fact]
    public void Library_methods_count_their_own_instructions_where_they_are_known()
    {
        using MeteredProgram program = Device.Load("public static object Make() => new object(); public static string Text(int x) => x.ToString();");

        // newobj ret, and the ret of Object's constructor.
        Counters known = program.Measure(() => program.Bind<Func<object>>("P", "Make")());
        Assert.Equal(3, known.Instructions);
        Assert.Equal(1, known.ByClass[OpcodeClass.Library]);
        Assert.Equal(0, known.UnknownLibraryCalls);
        Assert.Equal(1, program.Measure(() => program.Bind<Func<int, string>>("P", "Text")(3)).UnknownLibraryCalls);
    }

    [Fact]
    public void Counters_of_different_programs_cannot_be_subtracted()
    {
        using MeteredProgram first = Device.Load(Loop);
        using MeteredProgram second = Device.Load(Loop);

        Assert.Throws<ArgumentException>(() => first.Snapshot() - second.Snapshot());
    }
}
