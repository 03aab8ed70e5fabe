namespace EdgeMl.Mcu.Bench.Hil.Reports;

/// <summary>A chart of horizontal bars, one group of bars for each category.</summary>
/// <param name="Title">What it shows, short.</param>
/// <param name="Description">The same in full, for those who cannot see it.</param>
/// <param name="Unit">Unit of the values.</param>
/// <param name="Categories">Names of the groups, from top to bottom.</param>
/// <param name="Series">The bars of each group.</param>
public sealed record BarChart(string Title, string Description, string Unit, IReadOnlyList<string> Categories, IReadOnlyList<BarSeries> Series);

/// <summary>One bar of every group.</summary>
/// <param name="Name">Its name in the legend.</param>
/// <param name="Values">A value of 0 or more for each category.</param>
public sealed record BarSeries(string Name, IReadOnlyList<double> Values);
