using System.Reflection;

namespace EdgeMl.Mcu.Metering;

/// <summary>What an inference executed.</summary>
/// <param name="Layers">Each layer in execution order; empty where the program has no layers to step through.</param>
/// <param name="Total">The whole inference, what the layers' loop takes included.</param>
public sealed record InferenceCount(IReadOnlyList<Counters> Layers, Counters Total);

/// <summary>
/// Runs a model on metered device code: an <c>.emlm</c> file on the runtime's <c>Interpreter</c>, or any class with the same methods.
/// </summary>
public sealed class ModelMeter
{
    private const string ModelType = "EdgeMl.Mcu.Runtime.Model";
    private const string InterpreterType = "EdgeMl.Mcu.Runtime.Interpreter";
    private const string GeneratorType = "EdgeMl.Mcu.Runtime.Format.SelfTestVector";
    private const string InstallMethod = "Install";

    private static readonly string[] OptionalKernels = ["EdgeMl.Mcu.Runtime.Packed.PackedKernels", "EdgeMl.Mcu.Runtime.Typed.TypedKernels"];

    private readonly List<byte[]> _inputs = [];
    private readonly MeteredProgram _program;
    private readonly Action _invoke;
    private readonly Action? _restart;
    private readonly Func<bool>? _step;
    private readonly Action? _resetState;

    /// <summary>Meters an object of a program.</summary>
    /// <param name="program">The program.</param>
    /// <param name="runner">
    /// Has <c>void Invoke()</c>, and may have <c>void ResetState()</c>, <c>void Restart()</c> and <c>bool Step()</c> with the meaning that they have in the runtime's interpreter.
    /// </param>
    /// <exception cref="MeteringException">It has no such method.</exception>
    public ModelMeter(MeteredProgram program, object runner)
    {
        _program = program;
        Runner = runner;
        _invoke = Find<Action>("Invoke") ?? throw new MeteringException($"{runner.GetType().FullName} has no method void Invoke().");
        _resetState = Find<Action>("ResetState");
        _restart = Find<Action>("Restart");
        _step = Find<Func<bool>>("Step");
    }

    /// <summary>What loading the model and making its interpreter executed and allocated; null for an object that was made elsewhere.</summary>
    public Counters? Opening { get; private init; }

    /// <summary>The object that is metered.</summary>
    public object Runner { get; }

    /// <summary>Adds the optional kernels that are among a program's assemblies to its runtime, as an application does at start. Once more, it changes nothing.</summary>
    /// <returns>What it executed.</returns>
    public static Counters InstallKernels(MeteredProgram program)
    {
        MethodInfo[] installers = [.. program.Assemblies.SelectMany(assembly => OptionalKernels.Select(name => assembly.GetType(name)?.GetMethod(InstallMethod))).OfType<MethodInfo>()];
        return program.Measure(() => Array.ForEach(installers, install => install.Invoke(null, null)));
    }

    /// <summary>Loads a device model into the runtime of a program, with all kernels that are among its assemblies.</summary>
    /// <param name="program">A program that has the runtime's nano-subset build among its assemblies.</param>
    /// <param name="model">The .emlm file.</param>
    /// <param name="seed">Seed of the inputs, which are random bytes as in the model's self-test; not 0.</param>
    /// <exception cref="MeteringException">The runtime does not load the model.</exception>
    public static ModelMeter Open(MeteredProgram program, byte[] model, uint seed = 0x454D4C4D)
    {
        InstallKernels(program);
        Counters before = program.Snapshot();
        Type modelType = program.FindType(ModelType);
        object?[] arguments = [model, null];
        object error = Method(modelType, "TryLoad", typeof(byte[]), modelType.MakeByRefType()).Invoke(null, arguments)!;
        if (arguments[1] is not { } loaded)
            throw new MeteringException($"The runtime does not load the model: {error}.");
        object interpreter = Activator.CreateInstance(program.FindType(InterpreterType), loaded)!;
        var meter = new ModelMeter(program, interpreter) { Opening = program.Snapshot() - before };
        var fill = program.Bind<Func<sbyte[], int, int, uint, uint>>(GeneratorType, "Fill");
        int inputs = (int)modelType.GetProperty("InputCount")!.GetValue(loaded)!;
        for (int i = 0; i < inputs; i++)
        {
            object input = Method(modelType, "Input", typeof(int)).Invoke(loaded, [i])!;
            var values = new sbyte[(int)input.GetType().GetProperty("ByteCount")!.GetValue(input)!];
            seed = fill(values, 0, values.Length, seed);
            meter.SetInput(i, Array.ConvertAll(values, value => (byte)value));
        }
        return meter;
    }

    /// <summary>Sets the bytes of an input for the measurements that follow, elements little-endian in the device's own order.</summary>
    public void SetInput(int index, byte[] values)
    {
        while (_inputs.Count <= index)
            _inputs.Add([]);
        _inputs[index] = values;
    }

    /// <summary>Counts one inference, state reset before it.</summary>
    public InferenceCount Measure()
    {
        Prepare();
        Counters total = _program.Measure(_invoke);
        var layers = new List<Counters>();
        if (_restart is null || _step is null)
            return new InferenceCount(layers, total);
        Prepare();
        _restart();
        bool ran = true;
        while (ran)
        {
            Counters layer = _program.Measure(() => ran = _step());
            if (ran)
                layers.Add(layer);
        }
        return new InferenceCount(layers, total);
    }

    private void Prepare()
    {
        _resetState?.Invoke();
        if (_inputs.Count == 0)
            return;
        MethodInfo set = Method(Runner.GetType(), "SetInput", typeof(int), typeof(byte[]));
        for (int i = 0; i < _inputs.Count; i++)
            set.Invoke(Runner, [i, _inputs[i]]);
    }

    private TDelegate? Find<TDelegate>(string name)
        where TDelegate : Delegate =>
        (TDelegate?)Delegate.CreateDelegate(typeof(TDelegate), Runner, name, ignoreCase: false, throwOnBindFailure: false);

    private static MethodInfo Method(Type type, string name, params Type[] parameters) =>
        type.GetMethod(name, parameters) ?? throw new MeteringException($"{type.FullName} has no public method {name} with {parameters.Length} parameters of the types that the meter gives.");
}
