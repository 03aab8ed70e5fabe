using EdgeMl.Mcu.Benchmarks;
using EdgeMl.Mcu.Benchmarks.Fleet;
using EdgeMl.Mcu.Benchmarks.Mqtt;
using EdgeMl.Mcu.Testing;

// dotnet run -c Release --project tests/EdgeMl.Mcu.Benchmarks [-- TABLE] [PART-OF-A-NAME ...]
var tables = new Dictionary<string, Action<string[]>>
{
    ["host"] = parts => PrintHost(Models(parts)),
    ["il"] = parts => InstructionTable.Print(Models(parts)),
    ["size"] = _ => SizeTable.Print(),
    ["compiled"] = parts => CompiledTable.Print(Models(parts)),
    ["pruning"] = _ => PruningTable.Print(),
    ["quantisation"] = _ => QuantizationTable.Print(),
    ["delta"] = parts => DeltaTable.Print(Models(parts)),
    ["mqtt"] = MqttTable.Print,
    [OwnBroker.Argument] = _ => OwnBroker.Run(),
    ["fleet"] = FleetTable.Print,
    ["fleet-storm"] = FleetStorm.Print,
    [FleetRelay.Argument] = FleetRelay.Run,
};
bool named = args.Length > 0 && tables.ContainsKey(args[0]);
tables[named ? args[0] : "host"](named ? args[1..] : args);

static string[] Models(string[] parts)
{
    if (!SharedData.IsAvailable)
        Console.WriteLine(SharedData.Missing);
    return [.. CompiledModels.Digits.Concat(CompiledModels.Golden).Where(name => parts.Length == 0 || parts.Any(part => name.Contains(part, StringComparison.Ordinal)))];
}

static void PrintHost(string[] models)
{
    Console.WriteLine($"One core of {Environment.ProcessorCount}; the least of many rounds.");
    Console.WriteLine();
    InferenceTable.Print(models);
    Console.WriteLine();
    ConversionTable.Print(models);
}
