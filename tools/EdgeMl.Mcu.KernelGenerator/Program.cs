using EdgeMl.Mcu.KernelGenerator;

if (args is not [var root])
{
    Console.Error.WriteLine("Usage: dotnet run --project tools/EdgeMl.Mcu.KernelGenerator -- REPOSITORY");
    return 2;
}
foreach (GeneratedFile file in GeneratedFile.All)
{
    File.WriteAllText(Path.Combine(root, file.Path), file.Text);
    Console.WriteLine(file.Path);
}
return 0;
