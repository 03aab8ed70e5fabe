using EdgeMl.Mcu.Benchmarks;
using EdgeMl.Mcu.Testing;

// dotnet run -c Release --project tests/EdgeMl.Mcu.Benchmarks [-- [il] PART-OF-A-MODEL-NAME ...]
bool countsInstructions = args is ["il", ..];
string[] parts = countsInstructions ? args[1..] : args;
string[] models = [.. CompiledModels.Digits.Concat(CompiledModels.Golden).Where(name => parts.Length == 0 || parts.Any(part => name.Contains(part, StringComparison.Ordinal)))];
if (countsInstructions)
{
    InstructionTable.Print(models);
    return;
}
Console.WriteLine($"One core of {Environment.ProcessorCount}; the least of many rounds.");
if (!SharedData.IsAvailable)
    Console.WriteLine(SharedData.Missing);
Console.WriteLine();
InferenceTable.Print(models);
Console.WriteLine();
ConversionTable.Print(models);
