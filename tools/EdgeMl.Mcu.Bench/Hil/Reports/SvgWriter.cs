using System.Globalization;
using System.Xml.Linq;

namespace EdgeMl.Mcu.Bench.Hil.Reports;

/// <summary>Draws bar charts as SVG: with title and description for screen readers, and colours for light and dark pages.</summary>
public static class SvgWriter
{
    private const int Width = 760;
    private const int LabelWidth = 220;
    private const int ValueWidth = 110;
    private const int BarHeight = 14;
    private const int GroupGap = 10;
    private const int Top = 64;
    private const int Bottom = 40;
    private const int LabelLengthMax = 34;
    private const int TicksMax = 5;

    private static readonly double[] TickFactors = [1, 2, 5, 10];

    private const string Style =
        "text{font:12px system-ui,sans-serif;fill:#1f2328}.title{font-size:15px;font-weight:600}.axis{stroke:#d1d9e0}.s0{fill:#0969da}.s1{fill:#bc4c00}.s2{fill:#6e7781}"
        + "@media(prefers-color-scheme:dark){text{fill:#e6edf3}.axis{stroke:#3d444d}.s0{fill:#4493f8}.s1{fill:#f0883e}.s2{fill:#9198a1}}";

    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    /// <summary>Draws a chart.</summary>
    /// <param name="chart">The chart, with at least one category and at most three series.</param>
    /// <returns>An SVG document, the same for the same chart.</returns>
    public static string Draw(BarChart chart)
    {
        ArgumentNullException.ThrowIfNull(chart);
        ArgumentOutOfRangeException.ThrowIfZero(chart.Categories.Count);
        int groupHeight = (BarHeight * chart.Series.Count) + GroupGap;
        int height = Top + (groupHeight * chart.Categories.Count) + Bottom;
        double step = TickStep(chart.Series.SelectMany(series => series.Values).DefaultIfEmpty().Max());
        double end = step * Math.Ceiling(Math.Max(chart.Series.SelectMany(series => series.Values).DefaultIfEmpty().Max(), step) / step);
        double scale = (Width - LabelWidth - ValueWidth) / end;
        var root = new XElement(Svg + "svg",
            new XAttribute("viewBox", Text($"0 0 {Width} {height}")), new XAttribute("width", Width), new XAttribute("height", height),
            new XAttribute("role", "img"), new XAttribute("aria-labelledby", "title description"),
            new XElement(Svg + "title", new XAttribute("id", "title"), chart.Title),
            new XElement(Svg + "desc", new XAttribute("id", "description"), chart.Description),
            new XElement(Svg + "style", Style),
            Label(0, 20, chart.Title, "title"),
            Legend(chart.Series));
        for (double tick = 0; tick <= end + (step / 2); tick += step)
            root.Add(Tick(LabelWidth + (tick * scale), height - Bottom, Number(tick)));
        root.Add(Label(LabelWidth + ((Width - LabelWidth - ValueWidth) / 2), height - 6, chart.Unit, anchor: "middle"));
        for (int i = 0; i < chart.Categories.Count; i++)
            root.Add(Group(chart, i, Top + (i * groupHeight), scale));
        return root.ToString(SaveOptions.None).ReplaceLineEndings("\n") + "\n";
    }

    /// <summary>A round distance of ticks, 1, 2 or 5 times a power of ten, at which at most five reach a value.</summary>
    internal static double TickStep(double max)
    {
        if (!(max > 0))
            return 1;
        double power = Math.Pow(10, Math.Floor(Math.Log10(max / TicksMax)));
        return TickFactors.Select(factor => factor * power).First(step => max / step <= TicksMax + 1e-9);
    }

    private static IEnumerable<XElement> Legend(IReadOnlyList<BarSeries> series)
    {
        int x = LabelWidth;
        for (int i = 0; i < series.Count; i++)
        {
            yield return new XElement(Svg + "rect", new XAttribute("x", x), new XAttribute("y", 34), new XAttribute("width", 12), new XAttribute("height", 12), new XAttribute("class", Text($"s{i}")));
            yield return Label(x + 18, 45, series[i].Name);
            x += 40 + (7 * series[i].Name.Length);
        }
    }

    private static XElement Group(BarChart chart, int category, int y, double scale)
    {
        var group = new XElement(Svg + "g", Label(LabelWidth - 8, y + ((BarHeight * chart.Series.Count) / 2) + 4, Short(chart.Categories[category]), anchor: "end"));
        for (int i = 0; i < chart.Series.Count; i++)
        {
            double value = chart.Series[i].Values[category];
            group.Add(
                new XElement(Svg + "rect", new XAttribute("x", LabelWidth), new XAttribute("y", y + (i * BarHeight)), new XAttribute("width", Place(value * scale)),
                    new XAttribute("height", BarHeight - 2), new XAttribute("class", Text($"s{i}"))),
                Label(LabelWidth + (value * scale) + 5, y + (i * BarHeight) + 10, Number(value)));
        }
        return group;
    }

    private static IEnumerable<XElement> Tick(double x, int bottom, string text)
    {
        yield return new XElement(Svg + "line", new XAttribute("x1", Place(x)), new XAttribute("x2", Place(x)), new XAttribute("y1", Top - 6), new XAttribute("y2", bottom), new XAttribute("class", "axis"));
        yield return Label(x, bottom + 16, text, anchor: "middle");
    }

    private static XElement Label(double x, double y, string text, string? style = null, string? anchor = null) =>
        new(Svg + "text", new XAttribute("x", Place(x)), new XAttribute("y", Place(y)), style is null ? null : new XAttribute("class", style), anchor is null ? null : new XAttribute("text-anchor", anchor), text);

    private static string Short(string text) => text.Length <= LabelLengthMax ? text : text[..(LabelLengthMax - 1)] + "…";

    private static string Number(double value) => value switch
    {
        0 => "0",
        < 10 => value.ToString("0.###", CultureInfo.InvariantCulture),
        < 1000 => value.ToString("0.#", CultureInfo.InvariantCulture),
        _ => value.ToString("N0", CultureInfo.InvariantCulture),
    };

    private static string Place(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
