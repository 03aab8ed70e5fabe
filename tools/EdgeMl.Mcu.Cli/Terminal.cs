using System.Text;
using Spectre.Console;

namespace EdgeMl.Mcu.Cli;

/// <summary>Where a verb writes: results on <see cref="Output"/>, everything else on <see cref="Error"/>.</summary>
internal sealed class Terminal
{
    private const int RedirectedWidth = 160;

    /// <summary>Standard output.</summary>
    public required TextWriter Output { get; init; }

    /// <summary>Standard error.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Standard input.</summary>
    public TextReader Input { get; init; } = TextReader.Null;

    /// <summary>Reads a line that is not shown while it is typed; null where nobody can be asked.</summary>
    public Func<string>? ReadHidden { get; init; }

    /// <summary>Whether results go to a terminal that shows colours, and NO_COLOR is not set.</summary>
    public bool IsStyled { get; init; }

    /// <summary>Whether progress may be drawn on standard error.</summary>
    public bool ShowsProgress { get; init; }

    /// <summary>Columns of standard output.</summary>
    public int Width { get; init; } = RedirectedWidth;

    /// <summary>Folder that holds <c>edgeml.json</c>.</summary>
    public string WorkingFolder { get; init; } = Environment.CurrentDirectory;

    /// <summary>Signalled by Ctrl-C.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>The terminal of this process.</summary>
    public static Terminal OfProcess(CancellationToken cancellation)
    {
        // Windows' own code page has no block characters; elsewhere UTF-8 is the rule.
        if (OperatingSystem.IsWindows())
            Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        bool isTerminal = !Console.IsOutputRedirected;
        return new Terminal
        {
            Output = Console.Out,
            Error = Console.Error,
            Input = Console.In,
            ReadHidden = Console.IsInputRedirected || Console.IsErrorRedirected ? null : ReadHiddenLine,
            IsStyled = isTerminal && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && Environment.GetEnvironmentVariable("TERM") != "dumb",
            ShowsProgress = !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb",
            Width = isTerminal ? WindowWidth() : RedirectedWidth,
            Cancellation = cancellation,
        };
    }

    /// <summary>Draws a table, or anything else of Spectre.Console, on standard output: plain text where <see cref="IsStyled"/> is false.</summary>
    public void Draw(Spectre.Console.Rendering.IRenderable renderable)
    {
        var text = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = IsStyled ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = IsStyled ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(text),
        });
        console.Profile.Width = Width;
        console.Profile.Capabilities.Unicode = true;
        console.Write(renderable);
        // Spectre pads lines to the table's width and begins a table without a frame with an empty line.
        foreach (string line in text.ToString().TrimEnd().Split('\n').SkipWhile(string.IsNullOrWhiteSpace))
            Output.WriteLine(line.TrimEnd());
    }

    private static string ReadHiddenLine()
    {
        var line = new StringBuilder();
        while (true)
        {
            ConsoleKeyInfo key = Console.ReadKey(intercept: true);
            if (key.Key == ConsoleKey.Enter)
                break;
            if (key.Key == ConsoleKey.Backspace)
                line.Length = Math.Max(0, line.Length - 1);
            else if (!char.IsControl(key.KeyChar))
                line.Append(key.KeyChar);
        }
        Console.Error.WriteLine();
        return line.ToString();
    }

    private static int WindowWidth()
    {
        try
        {
            return Math.Max(Console.WindowWidth, 60);
        }
        catch (IOException)
        {
            return RedirectedWidth;
        }
    }
}
