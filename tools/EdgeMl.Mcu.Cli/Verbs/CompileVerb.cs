using System.CommandLine;
using EdgeMl.Mcu.Cli.Output;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Emit.CSharp;
using EdgeMl.Mcu.Toolchain.Evaluate;

namespace EdgeMl.Mcu.Cli.Verbs;

/// <summary><c>edgeml compile</c></summary>
internal static class CompileVerb
{
    private const string DefaultNamespace = "Models";

    /// <summary>The verb.</summary>
    public static Command Create(Terminal terminal)
    {
        var model = new Argument<string>("MODEL") { Description = "An int8 model or decision trees: .tflite, .onnx or .emlm." };
        var output = new Option<string>("--output", "-o") { Description = "The folder to write to; it is created.", HelpName = "DIR", Required = true };
        var space = new Option<string>("--namespace") { Description = "Namespace of the classes.", HelpName = "NAME", DefaultValueFactory = _ => DefaultNamespace };
        var name = new Option<string?>("--class") { Description = "Name of the class that loads the model; by default made of the model's name.", HelpName = "NAME" };
        Option<bool> noOptimize = SampleOptions.NoOptimize();
        var command = new VerbCommand("compile", "Write an int8 model, or decision trees, as C# with the weights as constants.",
            "edgeml compile kws.tflite -o Kws --namespace Sound --class KeywordModel", "edgeml compile pruned.emlm -o Pruned", "edgeml compile forest.onnx -o Forest")
        {
            model, output, space, name, noOptimize,
        };
        command.SetAction(parse =>
        {
            string folder = parse.GetRequiredValue(output);
            if (folder.Length == 0)
                throw new UsageException($"{output.Name} names no folder.", "Use . for the working folder.");
            string path = parse.GetRequiredValue(model);
            ModelFile source = ModelFile.Open(path, !parse.GetValue(noOptimize));
            source.RequireQuantized();
            string className = ClassName(parse.GetValue(name) ?? CSharpNames.ClassOf(source.Name));
            string scope = Namespace(parse.GetRequiredValue(space));
            string switches = source.IsOptimized ? "" : $" {noOptimize.Name}";
            var options = new CSharpOptions(scope, className, $"edgeml compile {Path.GetFileName(path)} -o DIR {space.Name} {scope} {name.Name} {className}{switches}")
            {
                Emit = new EmitOptions { Optimize = source.IsOptimized },
            };
            CompiledSource compiled = source.Graph is null ? CSharpCompiler.Compile(source.Device!, source.Content, options) : CSharpCompiler.Compile(source.Graph, options);
            SourceFolder.Write(folder, compiled);
            CompilationDocument document = CompilationDocument.Of(source.Name, folder, options, compiled);
            if (parse.GetValue(command.Json))
                JsonOutput.Write(terminal.Output, document);
            else
                CompilationText.Print(terminal, document);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static string ClassName(string text)
    {
        if (!CSharpNames.IsIdentifier(text))
            throw new UsageException($"'{text}' is no name of a C# class.", "Use letters, digits and underscores, a letter first, and no keyword.");
        if (CSharpNames.IsTaken(text))
            throw new UsageException($"The generated code uses a class of the name '{text}' itself.", "Give another one with --class.");
        return text;
    }

    private static string Namespace(string text) => CSharpNames.IsNamespace(text)
        ? text
        : throw new UsageException($"'{text}' is no name of a C# namespace.", "Use identifiers with dots between them, such as Sound.Models.");
}
