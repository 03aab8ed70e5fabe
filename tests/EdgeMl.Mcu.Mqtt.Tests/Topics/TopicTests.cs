using EdgeMl.Mcu.Mqtt.Tests.Packets;
using EdgeMl.Mcu.Mqtt.Topics;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Mqtt.Tests.Topics;

public class TopicTests
{
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(1_000);

    // Few different levels, so that filters and names meet often.
    private static readonly Gen<string> Name = Path(["a", "b", "", "$x"]);
    private static readonly Gen<string> Filter =
        from path in Path(["a", "b", "", "$x", "+", "+"])
        from ending in Gen.Elements("", "/#", "/#")
        from whole in Gen.Frequency((1, Gen.Constant("#")), (12, Gen.Constant(path + ending)))
        select whole;

    [Theory]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player1", true)]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon", true)]
    [InlineData("sport/#", "sport", true)]
    [InlineData("#", "sport/tennis", true)]
    [InlineData("#", "/", true)]
    [InlineData("sport/tennis/+", "sport/tennis/player1", true)]
    [InlineData("sport/tennis/+", "sport/tennis/player1/ranking", false)]
    [InlineData("sport/+", "sport", false)]
    [InlineData("sport/+", "sport/", true)]
    [InlineData("+/+", "/finance", true)]
    [InlineData("/+", "/finance", true)]
    [InlineData("+", "/finance", false)]
    [InlineData("+", "", true)]
    [InlineData("#", "$SYS/broker", false)]
    [InlineData("+/monitor/Clients", "$SYS/monitor/Clients", false)]
    [InlineData("$SYS/#", "$SYS/broker", true)]
    [InlineData("$SYS/monitor/+", "$SYS/monitor/Clients", true)]
    [InlineData("a/+/#", "a", false)]
    [InlineData("a/+/#", "a/b", true)]
    [InlineData("ACCOUNTS", "Accounts", false)]
    public void A_filter_selects_what_the_specification_says(string filter, string topic, bool expected) =>
        Assert.Equal(expected, TopicFilter.Matches(filter, topic));

    [Theory]
    [InlineData("#", true)]
    [InlineData("+", true)]
    [InlineData("+/tennis/#", true)]
    [InlineData("sport+", false)]
    [InlineData("sport/tennis#", false)]
    [InlineData("sport/tennis/#/ranking", false)]
    [InlineData("/", true)]
    [InlineData("", false)]
    [InlineData("a\0b", false)]
    [InlineData("##", false)]
    public void A_filter_has_wildcards_only_as_whole_levels(string filter, bool expected) => Assert.Equal(expected, TopicFilter.IsValid(filter));

    [Theory]
    [InlineData("a b/ü/😀", true)]
    [InlineData("/", true)]
    [InlineData("", false)]
    [InlineData("a/+", false)]
    [InlineData("a#", false)]
    [InlineData("a\0", false)]
    public void A_name_has_no_wildcards(string topic, bool expected) => Assert.Equal(expected, TopicName.IsValid(topic));

    // Attributes cannot hold such strings.
    [Fact]
    public void Half_a_surrogate_pair_is_neither_name_nor_filter()
    {
        Assert.False(TopicName.IsValid("\uDC00x"));
        Assert.False(TopicFilter.IsValid("\uD800"));
    }

    [Fact]
    public void A_name_has_at_most_65535_bytes_in_UTF_8()
    {
        Assert.True(TopicName.IsValid(new string('a', 65_535)));
        Assert.False(TopicName.IsValid(new string('a', 65_536)));
        Assert.False(TopicName.IsValid(new string('ü', 32_768)));
    }

    [Fact]
    public void Matching_agrees_with_a_naive_reference() => Check.One(Thorough.WithMaxTest(5_000), Prop.ForAll(
        Filter.ToArbitrary(), Name.ToArbitrary(), (filter, topic) => Assert.Equal(NaiveMatch(filter, topic), TopicFilter.Matches(filter, topic))));

    [Fact]
    public void The_tree_finds_the_filters_that_select_a_name() => Check.One(Thorough, Prop.ForAll(
        Filter.ListOf().ToArbitrary(), Name.ToArbitrary(), (filters, topic) =>
        {
            TopicTree<string> tree = TreeOf(filters);
            var found = new List<string>();
            tree.FindFilters(topic, found);
            Assert.Equal(filters.Distinct().Where(filter => NaiveMatch(filter, topic)).Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
        }));

    [Fact]
    public void The_tree_finds_the_names_that_a_filter_selects() => Check.One(Thorough, Prop.ForAll(
        Name.ListOf().ToArbitrary(), Filter.ToArbitrary(), (names, filter) =>
        {
            TopicTree<string> tree = TreeOf(names);
            var found = new List<string>();
            tree.FindTopics(filter, found);
            Assert.Equal(names.Distinct().Where(name => NaiveMatch(filter, name)).Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
        }));

    [Fact]
    public void A_path_that_was_removed_is_found_no_more_and_all_others_are() => Check.One(Thorough, Prop.ForAll(
        Filter.NonEmptyListOf().ToArbitrary(), filters =>
        {
            string[] distinct = [.. filters.Distinct()];
            TopicTree<string> tree = TreeOf(distinct);
            Assert.Equal(distinct[0], tree.Remove(distinct[0]));
            Assert.Null(tree.Remove(distinct[0]));
            Assert.Equal(distinct.Length - 1, tree.Count);
            Assert.Null(tree.Find(distinct[0]));
            Assert.All(distinct[1..], filter => Assert.Equal(filter, tree.Find(filter)));
        }));

    [Fact]
    public void Generated_filters_and_names_are_valid() => Check.One(Thorough, Prop.ForAll(
        AnyPacket.TopicFilter.ToArbitrary(), AnyPacket.TopicName.ToArbitrary(), (filter, name) =>
        {
            Assert.True(TopicFilter.IsValid(filter));
            Assert.True(TopicName.IsValid(name));
        }));

    private static Gen<string> Path(string[] levels) =>
        from count in Gen.Choose(1, 4)
        from path in Gen.Elements(levels).ListOf(count)
        let text = string.Join('/', path)
        select text.Length == 0 ? "a" : text;

    private static TopicTree<string> TreeOf(IEnumerable<string> paths)
    {
        var tree = new TopicTree<string>();
        foreach (string path in paths)
            tree.Set(path, path);
        return tree;
    }

    // MQTT 3.1.1, 4.7, read literally.
    private static bool NaiveMatch(string filter, string topic)
    {
        string[] wanted = filter.Split('/'), levels = topic.Split('/');
        if (topic.StartsWith('$') && wanted[0] is ("+" or "#"))
            return false;
        if (wanted[^1] == "#")
        {
            wanted = wanted[..^1];
            if (levels.Length < wanted.Length)
                return false;
            levels = levels[..wanted.Length];
        }
        return wanted.Length == levels.Length && wanted.Zip(levels).All(pair => pair.First == "+" || pair.First == pair.Second);
    }
}
