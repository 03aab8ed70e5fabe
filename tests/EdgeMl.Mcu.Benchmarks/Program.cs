using EdgeMl.Mcu.Benchmarks;
using EdgeMl.Mcu.Testing;

// dotnet run -c Release --project tests/EdgeMl.Mcu.Benchmarks [-- PART-OF-A-MODEL-NAME ...]
string[] models = [.. CompiledModels.Digits.Concat(CompiledModels.Golden).Where(name => args.Length == 0 || args.Any(part => name.Contains(part, StringComparison.Ordinal)))];
Console.WriteLine($"One core of {Environment.ProcessorCount}; the least of many rounds.");
if (!SharedData.IsAvailable)
    Console.WriteLine(SharedData.Missing);
Console.WriteLine();
InferenceTable.Print(models);
Console.WriteLine();
ConversionTable.Print(models);
