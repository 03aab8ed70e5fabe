using EdgeMl.Mcu.Benchmarks;
using EdgeMl.Mcu.Testing;

// dotnet run -c Release --project tests/EdgeMl.Mcu.Benchmarks [-- TABLE] [PART-OF-A-MODEL-NAME ...]
var tables = new Dictionary<string, Action<string[]>>
{
    ["host"] = PrintHost,
    ["il"] = InstructionTable.Print,
    ["compiled"] = CompiledTable.Print,
    ["pruning"] = _ => PruningTable.Print(),
    ["quantisation"] = _ => QuantizationTable.Print(),
    ["delta"] = DeltaTable.Print,
};
bool named = args.Length > 0 && tables.ContainsKey(args[0]);
string[] parts = named ? args[1..] : args;
string[] models = [.. CompiledModels.Digits.Concat(CompiledModels.Golden).Where(name => parts.Length == 0 || parts.Any(part => name.Contains(part, StringComparison.Ordinal)))];
if (!SharedData.IsAvailable)
    Console.WriteLine(SharedData.Missing);
tables[named ? args[0] : "host"](models);

static void PrintHost(string[] models)
{
    Console.WriteLine($"One core of {Environment.ProcessorCount}; the least of many rounds.");
    Console.WriteLine();
    InferenceTable.Print(models);
    Console.WriteLine();
    ConversionTable.Print(models);
}
