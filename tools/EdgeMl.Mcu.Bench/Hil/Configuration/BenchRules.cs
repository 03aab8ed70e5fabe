using System.Globalization;
using System.Net;

namespace EdgeMl.Mcu.Bench.Hil.Configuration;

/// <summary>What a bench's values must be.</summary>
internal static class BenchRules
{
    private const int NameLengthMax = 32;

    /// <summary>A broken rule.</summary>
    /// <param name="Reason">What is wrong, with the value.</param>
    /// <param name="Hint">What to do, or null.</param>
    public sealed record Broken(string Reason, string? Hint = null);

    /// <summary>The first broken rule, or null.</summary>
    public static Broken? FirstBroken(BenchConfiguration bench) => AllBroken(bench).FirstOrDefault();

    private static IEnumerable<Broken> AllBroken(BenchConfiguration bench)
    {
        IEnumerable<Broken?> all =
        [
            Name("name", bench.Name),
            bench.Boards.Count == 0 ? new Broken("it has no boards") : null,
            bench.Models.Count == 0 ? new Broken("it has no models", $"Leave 'models' out for the digits models: {string.Join(", ", BenchConfiguration.BuiltInModels)}.") : null,
            Unique("boards", bench.Boards.Select(board => board.Name)),
            Unique("models", bench.Models.Select(model => model.Name)),
            Ports(bench.Boards),
            .. bench.Boards.SelectMany((board, i) => Board(board, $"boards[{i}]")),
            .. bench.Models.SelectMany((model, i) => Model(model, $"models[{i}]")),
            .. Broker(bench.Broker),
            Range("latency.runs", bench.Latency.Runs, 1, 1_000),
            Range("update.timeoutSeconds", bench.Update.TimeoutSeconds, 10, 3_600),
            Range("powerCuts.count", bench.PowerCuts.Count, 0, 1_000),
            Range("powerCuts.recoverySeconds", bench.PowerCuts.RecoverySeconds, 1, 600),
        ];
        return all.OfType<Broken>();
    }

    private static IEnumerable<Broken?> Board(BoardConfiguration board, string place)
    {
        yield return Name($"{place}.name", board.Name);
        yield return Range($"{place}.linkBaudRate", board.LinkBaudRate, 9_600, 3_000_000);
        bool isReal = board.WirePort is not null || board.LinkPort is not null || board.Power is not null || board.Application is not null;
        if (board.Virtual is not null && isReal)
            yield return new Broken($"{place} is virtual and has ports, power or an application", "A virtual board brings its own: leave wirePort, linkPort, power and application out.");
        if (board.Virtual is null && (string.IsNullOrEmpty(board.WirePort) || string.IsNullOrEmpty(board.LinkPort)))
            yield return new Broken($"{place} needs wirePort and linkPort", "'edgeml ports' lists the ports of the machine; \"virtual\": {} makes the board a virtual one.");
        if (board.Power is { } power)
        {
            yield return Range($"{place}.power.settleMilliseconds", power.SettleMilliseconds, 0, 60_000);
            if (power.Off.Count == 0 || power.On.Count == 0 || power.Off.Concat(power.On).Any(string.IsNullOrEmpty))
                yield return new Broken($"{place}.power has an empty command", "A command is a list of a program and its arguments: [\"uhubctl\", \"-l\", \"1-1\", \"-p\", \"2\", \"-a\", \"off\"].");
        }
    }

    private static IEnumerable<Broken?> Model(ModelConfiguration model, string place)
    {
        yield return Name($"{place}.name", model.Name);
        yield return Range($"{place}.samples", model.Samples, 1, 10_000);
        if ((model.BuiltIn is null) == (model.File is null))
            yield return new Broken($"{place} needs either builtIn or file");
        if (model.BuiltIn is not null && !BenchConfiguration.BuiltInModels.Contains(model.BuiltIn))
            yield return new Broken($"{place}.builtIn is '{model.BuiltIn}'", $"The tool carries {string.Join(", ", BenchConfiguration.BuiltInModels)}.");
        if ((model.Inputs.Count == 0) != (model.Expected.Count == 0))
            yield return new Broken($"{place} has only one of inputs and expected", "Give both, or neither for the model's own self-test.");
        if (model.BuiltIn is not null && model.Inputs.Count > 0)
            yield return new Broken($"{place} is built in and brings its own samples", "Leave inputs and expected out.");
    }

    private static IEnumerable<Broken?> Broker(BrokerConfiguration broker)
    {
        if (!IPEndPoint.TryParse(broker.Listen, out _))
            yield return new Broken($"broker.listen is '{broker.Listen}'", "Give ADDRESS:PORT, such as 0.0.0.0:1883.");
        yield return Address("broker.url", broker.Url);
        yield return Address("broker.address", broker.Address);
    }

    private static Broken? Address(string place, string? value) =>
        value is null || (Uri.TryCreate(value, UriKind.Absolute, out Uri? address) && address.Scheme is "mqtt" or "mqtts") ? null
        : new Broken($"{place} is '{value}'", "Give mqtt://HOST:PORT or mqtts://HOST:PORT.");

    private static Broken? Name(string place, string value) =>
        value.Length is > 0 and <= NameLengthMax && char.IsAsciiLetterLower(value[0]) && value.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-') ? null
        : new Broken($"{place} is '{value}'", $"A name has 1 to {NameLengthMax} characters of a-z, 0-9 and dashes, and begins with a letter.");

    private static Broken? Range(string place, int value, int min, int max) =>
        value >= min && value <= max ? null : new Broken(string.Create(CultureInfo.InvariantCulture, $"{place} is {value}, and not {min} to {max}"));

    private static Broken? Unique(string place, IEnumerable<string> names) =>
        names.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } twice ? new Broken($"{place} has '{twice.Key}' twice") : null;

    private static Broken? Ports(IReadOnlyList<BoardConfiguration> boards) =>
        boards.SelectMany(board => new[] { board.WirePort, board.LinkPort }).OfType<string>().GroupBy(port => port).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? new Broken($"the port '{twice.Key}' is used twice", "The Wire Protocol and the link need a port each.")
            : null;
}
