using System.Globalization;
using System.Xml.Linq;
using EdgeMl.Mcu.Bench.Hil.Reports;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Bench.Tests.Hil;

public class SvgWriterTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void A_chart_can_be_read_without_being_seen()
    {
        XElement svg = Draw(new BarChart("Times <of> & \"layers\"", "First 1, second 2.", "µs", ["first", "second"], [new("measured", [1, 2])]));

        Assert.Equal("img", (string?)svg.Attribute("role"));
        Assert.Equal("title description", (string?)svg.Attribute("aria-labelledby"));
        Assert.Equal(("title", "Times <of> & \"layers\""), ((string?)svg.Element(Svg + "title")!.Attribute("id"), svg.Element(Svg + "title")!.Value));
        Assert.Equal(("description", "First 1, second 2."), ((string?)svg.Element(Svg + "desc")!.Attribute("id"), svg.Element(Svg + "desc")!.Value));
        Assert.Contains("prefers-color-scheme:dark", svg.Element(Svg + "style")!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Bars_are_as_long_as_their_values_and_stay_on_the_page() => Prop.ForAll(
        Gen.Choose(0, 1_000_000).Select(value => value / 64.0).NonEmptyListOf().ToArbitrary(),
        values =>
        {
            double[] all = [.. values];
            XElement svg = Draw(new BarChart("t", "d", "u", [.. all.Select((_, i) => $"{i}")], [new("a", all)]));
            double[] widths = [.. svg.Elements(Svg + "g").SelectMany(group => group.Elements(Svg + "rect")).Select(bar => Number(bar, "width"))];
            double scale = widths.Max() / Math.Max(all.Max(), 1e-9);
            Assert.Equal(all.Length, widths.Length);
            Assert.All(widths.Zip(all), pair => Assert.Equal(pair.Second * scale, pair.First, 0.02));
            Assert.All(svg.Descendants(Svg + "rect"), bar => Assert.InRange(Number(bar, "x") + Number(bar, "width"), 0, Number(svg, "width")));
            Assert.All(svg.Descendants(Svg + "text"), label => Assert.InRange(Number(label, "y"), 0, Number(svg, "height")));
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0.2)]
    [InlineData(5, 1)]
    [InlineData(7, 2)]
    [InlineData(1234, 500)]
    public void Ticks_are_round(double max, double step) => Assert.Equal(step, SvgWriter.TickStep(max), 1e-12);

    private static XElement Draw(BarChart chart) => XDocument.Parse(SvgWriter.Draw(chart)).Root!;

    private static double Number(XElement element, string name) => double.Parse((string)element.Attribute(name)!, CultureInfo.InvariantCulture);
}
