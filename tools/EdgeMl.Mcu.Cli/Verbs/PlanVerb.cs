using System.CommandLine;
using EdgeMl.Mcu.Cli.Output;
using EdgeMl.Mcu.Toolchain.Boards;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Evaluate;

namespace EdgeMl.Mcu.Cli.Verbs;

/// <summary><c>edgeml plan</c></summary>
internal static class PlanVerb
{
    /// <summary>The verb.</summary>
    public static Command Create(Terminal terminal)
    {
        var model = new Argument<string?>("MODEL") { Description = "An int8 model: .emlm, .tflite or .onnx.", Arity = ArgumentArity.ZeroOrOne };
        var board = new Option<string?>("--board", "-b") { Description = "The board.", HelpName = "NAME" };
        var list = new Option<bool>("--list") { Description = "List the boards." };
        var heap = new Option<long?>("--heap") { Description = "Size of the managed heap, where it is another than the board's file says.", HelpName = "BYTES" };
        var flash = new Option<long?>("--flash") { Description = "Size of the flash for deployment, where it is another than the board's file says.", HelpName = "BYTES" };
        var options = new DeviceModelOptions();
        var command = new VerbCommand("plan", "Check that a model fits a board, and predict how long an inference takes.",
            "edgeml plan kws.tflite --board ESP32-S3",
            "edgeml plan ad.tflite --board ESP32 --page 8192",
            "edgeml plan --list")
        {
            model, board, list, heap, flash,
        };
        options.AddEmitTo(command);
        command.SetAction(parse =>
        {
            bool json = parse.GetValue(command.Json);
            if (parse.GetValue(list))
            {
                if (json)
                    JsonOutput.Write(terminal.Output, BoardCatalog.All);
                else
                    PlanText.PrintBoards(terminal, BoardCatalog.All);
                return ExitCodes.Ok;
            }
            string path = parse.GetValue(model) ?? throw new UsageException("MODEL is missing.", "See 'edgeml plan --help'.");
            string name = parse.GetValue(board) ?? throw new UsageException("--board is missing.", "All boards: edgeml plan --list");
            Board target = With(BoardCatalog.Find(name), parse.GetValue(heap), parse.GetValue(flash));
            BoardPlan plan = Plan(path, target, options.Emit(parse));
            if (json)
                JsonOutput.Write(terminal.Output, plan);
            else
                PlanText.Print(terminal, plan, target);
            return plan.Fits ? ExitCodes.Ok : ExitCodes.Refused;
        });
        return command;
    }

    private static BoardPlan Plan(string path, Board board, EmitOptions emit)
    {
        ModelFile file = ModelFile.Open(path, emit.Optimize);
        DeviceMeasurement measured = DeviceMeasurement.Of(file.ToDeviceFile(emit), file.Name);
        bool isPaged = emit.PageBytes < int.MaxValue;
        return BoardPlanner.Plan(file.Name, board, isPaged ? measured.Paged : measured.InMemory, isPaged ? null : measured.Paged, measured.ScratchBytes, measured.Execution);
    }

    private static Board With(Board board, long? heapBytes, long? flashBytes)
    {
        if (heapBytes < 0 || flashBytes < 0)
            throw new UsageException($"--heap and --flash are numbers of bytes, and not {heapBytes ?? flashBytes}.");
        return board with
        {
            HeapBytes = heapBytes ?? board.HeapBytes,
            HeapSource = heapBytes is null ? board.HeapSource : "given",
            FlashBytes = flashBytes ?? board.FlashBytes,
            FlashSource = flashBytes is null ? board.FlashSource : "given",
        };
    }
}
