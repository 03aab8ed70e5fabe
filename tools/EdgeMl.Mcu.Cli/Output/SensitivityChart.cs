using System.Globalization;
using System.Net;
using System.Text;
using EdgeMl.Mcu.Toolchain.Pruning;

namespace EdgeMl.Mcu.Cli.Output;

/// <summary>Sensitivity of layers as an SVG: accuracy (or signal to noise) against sparsity and against bits, one line a layer.</summary>
internal static class SensitivityChart
{
    private const int Width = 460;
    private const int Height = 300;
    private const int Left = 64;
    private const int Top = 48;
    private const int Gap = 90;
    private const int LegendLine = 20;
    private const int Ticks = 5;

    // Without a change the ratio is infinite; it is drawn at the top.
    private const double DecibelsMax = 60;

    private static readonly string[] Colors = ["#1b6ca8", "#d1495b", "#2e8b57", "#e08e0b", "#7b4ea3", "#5a7d7c", "#a0522d", "#c71585"];

    /// <summary>The SVG document.</summary>
    public static string Draw(SensitivityReport report)
    {
        bool isAccuracy = report.Accuracy is not null;
        double[] values = [.. report.Layers.SelectMany(layer => layer.Sparsity.Concat(layer.Bits)).Select(point => Value(point, isAccuracy))];
        double top = isAccuracy ? 1 : Math.Max(1, values.Max());
        double bottom = Math.Min(values.Min(), isAccuracy ? 0.9 : 0);
        int width = Left + (2 * Width) + Gap + 24, height = Top + Height + 60 + (report.Layers.Count * LegendLine);
        var svg = new StringBuilder();
        svg.AppendLine(Invariant($"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" font-family="sans-serif" font-size="12">"""));
        svg.AppendLine("""<rect width="100%" height="100%" fill="#ffffff"/>""");
        svg.AppendLine(Invariant($"""<text x="{Left}" y="24" font-size="15">{WebUtility.HtmlEncode(report.Model)}: {(isAccuracy ? "accuracy" : "signal to noise of the outputs, dB")} with one layer changed</text>"""));
        Panel(svg, report, Left, "sparsity of the layer", layer => layer.Sparsity, value => Invariant($"{value * 100:0} %"), (bottom, top), isAccuracy);
        Panel(svg, report, Left + Width + Gap, "bits of its weights", layer => layer.Bits, value => Invariant($"{value:0}"), (bottom, top), isAccuracy);
        for (int i = 0; i < report.Layers.Count; i++)
        {
            int y = Top + Height + 56 + (i * LegendLine);
            svg.AppendLine(Invariant($"""<rect x="{Left}" y="{y - 10}" width="18" height="4" fill="{Colors[i % Colors.Length]}"/>"""));
            svg.AppendLine(Invariant($"""<text x="{Left + 26}" y="{y - 4}">{WebUtility.HtmlEncode(report.Layers[i].Name)} ({report.Layers[i].Weights} weights)</text>"""));
        }
        return svg.AppendLine("</svg>").ToString();
    }

    private static void Panel(
        StringBuilder svg, SensitivityReport report, int left, string title, Func<LayerSensitivity, IReadOnlyList<SensitivityPoint>> points,
        Func<double, string> label, (double Bottom, double Top) range, bool isAccuracy)
    {
        for (int tick = 0; tick <= Ticks; tick++)
        {
            double value = range.Bottom + ((range.Top - range.Bottom) * tick / Ticks);
            double y = Y(value, range);
            svg.AppendLine(Invariant($"""<line x1="{left}" y1="{y:F1}" x2="{left + Width}" y2="{y:F1}" stroke="#dddddd"/>"""));
            svg.AppendLine(Invariant($"""<text x="{left - 6}" y="{y + 4:F1}" text-anchor="end">{(isAccuracy ? Invariant($"{100 * value:0.#} %") : Invariant($"{value:0}"))}</text>"""));
        }
        IReadOnlyList<SensitivityPoint> first = points(report.Layers[0]);
        for (int i = 0; i < first.Count; i++)
            svg.AppendLine(Invariant($"""<text x="{X(left, i, first.Count):F1}" y="{Top + Height + 18}" text-anchor="middle">{label(first[i].Value)}</text>"""));
        svg.AppendLine(Invariant($"""<text x="{left + (Width / 2)}" y="{Top + Height + 36}" text-anchor="middle">{title}</text>"""));
        for (int l = 0; l < report.Layers.Count; l++)
        {
            IReadOnlyList<SensitivityPoint> line = points(report.Layers[l]);
            string path = string.Join(' ', line.Select((point, i) => Invariant($"{X(left, i, line.Count):F1},{Y(Value(point, isAccuracy), range):F1}")));
            svg.AppendLine(Invariant($"""<polyline points="{path}" fill="none" stroke="{Colors[l % Colors.Length]}" stroke-width="2"/>"""));
        }
    }

    private static double Value(SensitivityPoint point, bool isAccuracy) =>
        isAccuracy ? point.Accuracy ?? 0 : Math.Min(point.SignalToNoiseDb ?? DecibelsMax, DecibelsMax);

    private static double X(int left, int index, int count) => left + (Width * (index + 0.5) / count);

    private static double Y(double value, (double Bottom, double Top) range) => Top + (Height * (range.Top - value) / (range.Top - range.Bottom));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
