using System.Text.Json;
using System.Xml.Linq;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Cli.Tests;

public sealed class CompileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Writes_classes_and_projects_and_reports_every_layer()
    {
        JsonElement report = CommandLineRun.Of("compile", Model(), "-o", _folder.File("out"), "--namespace", "My.Models", "--class", "Digits", "--json").Json;

        Assert.Equal("My.Models.Digits", report.GetProperty("class").GetString());
        Assert.All(report.GetProperty("layers").EnumerateArray(), layer => Assert.True(layer.GetProperty("ilInstructions").GetInt64() > 0));
        Assert.Contains("outputs", report.GetProperty("layers").EnumerateArray().Select(layer => layer.GetProperty("variant").GetString()));
        Assert.Equal(
            report.GetProperty("heapBytes").GetInt32(),
            new[] { "modelBytes", "arenaBytes", "scratchBytes", "tableBytes" }.Sum(name => report.GetProperty(name).GetInt32()));
        foreach (JsonElement assembly in report.GetProperty("assemblies").EnumerateArray())
        {
            Assert.True(assembly.GetProperty("codeBytes").GetInt32() <= assembly.GetProperty("codeLimitBytes").GetInt32());
            string project = Path.Combine(_folder.File("out"), assembly.GetProperty("project").GetString()!);
            Assert.True(File.Exists(project) && File.Exists(Path.ChangeExtension(project, "nfproj")));
            Assert.Equal(assembly.GetProperty("files").GetInt32(), Directory.GetFiles(Path.GetDirectoryName(project)!, "*.cs").Length);
        }
        string main = File.ReadAllText(Path.Combine(_folder.File("out"), "Digits.cs"));
        Assert.Contains("namespace My.Models;", main, StringComparison.Ordinal);
        Assert.Contains("edgeml compile digits.emlm -o DIR --namespace My.Models --class Digits", main, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_model_gives_the_same_files_and_leftovers_of_an_earlier_run_go()
    {
        string output = _folder.File("out");
        string model = Model();
        CommandLineRun first = CommandLineRun.Of("compile", model, "-o", output);
        Dictionary<string, string> files = Contents(output);
        string leftover = Path.Combine(output, "DigitsLayer9Block0.cs");
        File.WriteAllText(leftover, files[Path.Combine(output, "Digits.cs")]);
        File.WriteAllText(Path.Combine(output, "DigitsTests.cs"), "// written by hand");

        CommandLineRun second = CommandLineRun.Of("compile", model, "-o", output);

        Assert.Equal((first.ExitCode, first.Output, first.Error), (second.ExitCode, second.Output, second.Error));
        Assert.False(File.Exists(leftover));
        Assert.True(File.Exists(Path.Combine(output, "DigitsTests.cs")));
        File.Delete(Path.Combine(output, "DigitsTests.cs"));
        Assert.Equal(files, Contents(output));
    }

    [Theory]
    [InlineData("is no name of a C# class", "--class", "3d")]
    [InlineData("is no name of a C# class", "--class", "class")]
    [InlineData("is no name of a C# class", "--class", "A.B")]
    [InlineData("is no name of a C# class", "--class", "")]
    [InlineData("uses a class of the name 'Kernel' itself", "--class", "Kernel")]
    [InlineData("is no name of a C# namespace", "--namespace", "A..B")]
    [InlineData("is no name of a C# namespace", "--namespace", "A.int")]
    [InlineData("is no name of a C# namespace", "--namespace", "A;B")]
    public void Names_that_are_none_are_refused(string message, string option, string value)
    {
        CommandLineRun run = CommandLineRun.Of("compile", Model(), "-o", _folder.File("out"), option, value);
        run.ShouldFail(ExitCodes.Usage, "usage");
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.File("out")));
    }

    [Fact]
    public void A_float_model_is_refused_with_the_verb_that_quantises_it()
    {
        CommandLineRun run = CommandLineRun.Of("compile", Repository.PathOf("models/digits/digits_mlp.onnx"), "-o", _folder.File("out"));
        run.ShouldFail(ExitCodes.Failed, "emit.float-model");
        Assert.Contains("edgeml quantize", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_in_the_place_of_the_folder_is_an_error()
    {
        CommandLineRun run = CommandLineRun.Of("compile", Model(), "-o", _folder.Write("taken", "text"));
        run.ShouldFail(ExitCodes.Failed, "file.unwritable");
        Assert.Contains("is a file", run.Error, StringComparison.Ordinal);
        Assert.Equal("text", File.ReadAllText(_folder.File("taken")));
    }

    [Fact]
    public void An_output_without_a_name_is_refused()
    {
        CommandLineRun run = CommandLineRun.Of("compile", Model(), "-o", "");
        run.ShouldFail(ExitCodes.Usage, "usage");
        Assert.Contains("names no folder", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Projects_are_well_formed_whatever_the_name_of_the_model_file()
    {
        string model = _folder.Write("a---b&--c.emlm", CompiledModels.Get("digits_mlp").Bytes);
        CommandLineRun run = CommandLineRun.Of("compile", model, "-o", _folder.File("out"));
        Assert.Equal(ExitCodes.Ok, run.ExitCode);
        string[] projects = [.. Directory.GetFiles(_folder.File("out"), "*proj"), .. Directory.GetFiles(_folder.File("out"), "packages.config")];
        Assert.Equal(3, projects.Length);
        Assert.All(projects, project => Assert.NotNull(XDocument.Load(project).Root));
    }

    [Fact]
    public void Decision_trees_become_code_of_their_own_from_the_source_model_and_from_the_device_model()
    {
        Assert.SkipUnless(SharedData.IsAvailable, SharedData.Missing);
        string forest = SharedData.File("float", "digits_forest", "digits_forest.onnx");
        string device = _folder.File("forest.emlm");
        Assert.Equal(ExitCodes.Ok, CommandLineRun.Of("convert", forest, "-o", device).ExitCode);
        foreach (string model in new[] { forest, device })
        {
            CommandLineRun run = CommandLineRun.Of("compile", model, "-o", _folder.File("out"), "--class", "Forest");
            Assert.Equal(ExitCodes.Ok, run.ExitCode);
            Assert.Contains("about 1,115 IL instructions an inference", run.Output, StringComparison.Ordinal);
            Assert.Contains("Models.Forest.Create()", run.Error, StringComparison.Ordinal);
            Assert.Contains("s9 += ", File.ReadAllText(_folder.File("out/ForestLayer0Trees0.cs")), StringComparison.Ordinal);
            string main = File.ReadAllText(_folder.File("out/Forest.cs"));
            Assert.Contains("/// Output 0: <c>label</c>, 1, int64 on the device.", main, StringComparison.Ordinal);
            Assert.Contains("/// Output 1: <c>probabilities</c>, 1x10, float32 on the device.", main, StringComparison.Ordinal);
        }
    }

    private string Model() => _folder.Write("digits.emlm", CompiledModels.Get("digits_mlp").Bytes);

    private static Dictionary<string, string> Contents(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).ToDictionary(path => path, File.ReadAllText);
}
