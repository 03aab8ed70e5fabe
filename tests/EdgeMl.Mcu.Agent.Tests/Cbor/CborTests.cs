using EdgeMl.Mcu.Agent.Cbor;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Agent.Tests.Cbor;

/// <summary>Writer and reader together, and against the examples of RFC 8949, appendix A.</summary>
public sealed class CborTests
{
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(2_000);

    public static TheoryData<long, string> Integers => new()
    {
        { 0, "00" }, { 1, "01" }, { 10, "0a" }, { 23, "17" }, { 24, "1818" }, { 25, "1819" }, { 100, "1864" }, { 1000, "1903e8" }, { 1000000, "1a000f4240" },
        { 1000000000000, "1b000000e8d4a51000" }, { -1, "20" }, { -10, "29" }, { -100, "3863" }, { -1000, "3903e7" }, { long.MinValue, "3b7fffffffffffffff" }, { long.MaxValue, "1b7fffffffffffffff" },
    };

    public static TheoryData<string, string> Texts => new()
    {
        { "", "60" }, { "a", "6161" }, { "IETF", "6449455446" }, { "\"\\", "62225c" }, { "\u00fc", "62c3bc" }, { "\u6c34", "63e6b0b4" }, { "\ud800\udd51", "64f0908591" },
    };

    [Theory]
    [MemberData(nameof(Integers))]
    public void Integers_are_encoded_as_in_the_standard(long value, string hex)
    {
        Assert.Equal(hex, Write(writer => writer.WriteInteger(value)));
        Assert.Equal(value, Read(hex, reader => reader.ReadInteger()));
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void Texts_are_encoded_as_in_the_standard(string value, string hex)
    {
        Assert.Equal(hex, Write(writer => writer.WriteText(value)));
        Assert.Equal(value, Read(hex, reader => reader.ReadText(value.Length * 3)));
    }

    [Fact]
    public void Other_items_are_encoded_as_in_the_standard()
    {
        Assert.Equal("f4", Write(writer => writer.WriteBool(false)));
        Assert.Equal("f5", Write(writer => writer.WriteBool(true)));
        Assert.Equal("f6", Write(writer => writer.WriteNull()));
        Assert.Equal("c11a514b67b0", Write(writer => { writer.WriteTag(1); writer.WriteInteger(1363896240); }));
        Assert.Equal("4401020304", Write(writer => writer.WriteBytes([9, 1, 2, 3, 4], 1, 4)));
        Assert.Equal("8301820203820405", Write(writer => { writer.WriteArray(3); writer.WriteInteger(1); writer.WriteArray(2); writer.WriteInteger(2); writer.WriteInteger(3); writer.WriteEncoded(Convert.FromHexString("820405"), 0, 3); }));
        Assert.Equal("a201020304", Write(writer => { writer.WriteMap(2); writer.WriteInteger(1); writer.WriteInteger(2); writer.WriteInteger(3); writer.WriteInteger(4); }));
        Assert.Equal("62c3bc", Write(writer => writer.WriteText([0xC3, 0xBC], 0, 2)));
    }

    [Fact]
    public void What_is_written_is_read_again() => Check.One(Thorough, Prop.ForAll(CborItem.Any.ToArbitrary(), item =>
    {
        byte[] bytes = item.Encode();
        CborReader reader = Reader(bytes);
        return CborItem.Read(reader, bytes).ToString() == item.ToString() && reader.Finish();
    }));

    [Fact]
    public void An_item_that_is_skipped_ends_where_it_was_written_to() => Check.One(Thorough, Prop.ForAll(CborItem.Any.ToArbitrary(), item =>
    {
        CborReader reader = Reader([.. item.Encode(), 0x17]);
        reader.Skip();
        return reader.ReadInteger() == 23 && reader.Finish();
    }));

    [Fact]
    public void A_buffer_of_any_smaller_capacity_fails_and_keeps_what_is_behind_it() => Check.One(Thorough.WithMaxTest(300), Prop.ForAll(CborItem.Any.ToArbitrary(), item =>
    {
        byte[] whole = item.Encode();
        var writer = new CborWriter();
        for (int capacity = 0; capacity < whole.Length; capacity++)
        {
            var buffer = new byte[capacity + 20];
            writer.Reset(buffer, 3, capacity);
            item.Write(writer);
            if (!writer.Failed || writer.Length > capacity || buffer[..3].Concat(buffer[(3 + capacity)..]).Any(value => value != 0))
                return false;
        }
        return true;
    }));

    [Theory]
    [InlineData("1801", "an argument of one byte that fits into the head")]
    [InlineData("1900ff", "an argument of two bytes that fits into one")]
    [InlineData("1a0000ffff", "an argument of four bytes that fits into two")]
    [InlineData("1b00000000ffffffff", "an argument of eight bytes that fits into four")]
    [InlineData("1bffffffffffffffff", "an integer above 64 bits")]
    [InlineData("3bffffffffffffffff", "an integer below 64 bits")]
    [InlineData("1c", "a reserved head")]
    [InlineData("5f42010243030405ff", "a byte string of indefinite length")]
    [InlineData("7f657374726561646d696e67ff", "a text of indefinite length")]
    [InlineData("9fff", "an array of indefinite length")]
    [InlineData("bfff", "a map of indefinite length")]
    [InlineData("ff", "a break")]
    [InlineData("f90000", "a half-precision number")]
    [InlineData("fa47c35000", "a single-precision number")]
    [InlineData("fb3ff199999999999a", "a double-precision number")]
    [InlineData("f7", "undefined")]
    [InlineData("f0", "a simple value")]
    [InlineData("f8ff", "a simple value of two bytes")]
    [InlineData("4201", "a byte string beyond the end")]
    [InlineData("5b7fffffffffffffff", "a byte string of 2^63 - 1 bytes")]
    [InlineData("820101a1", "data behind the item")]
    [InlineData("9bffffffffffffffff", "an array of 2^64 - 1 items")]
    [InlineData("a20102", "a map of more pairs than bytes")]
    [InlineData("c1", "a tag without an item")]
    [InlineData("19", "a head cut short")]
    [InlineData("", "nothing")]
    [InlineData("62c080", "an overlong character of two bytes")]
    [InlineData("63e08080", "an overlong character of three bytes")]
    [InlineData("64f08080af", "an overlong character of four bytes")]
    [InlineData("63eda080", "a surrogate")]
    [InlineData("64f4908080", "a character above U+10FFFF")]
    [InlineData("61c3", "a character cut short")]
    [InlineData("62c341", "a character without its second byte")]
    [InlineData("6180", "a continuation byte alone")]
    public void What_is_not_deterministic_CBOR_is_refused(string hex, string what)
    {
        byte[] bytes = Convert.FromHexString(hex);
        CborReader skipping = Reader(bytes);
        skipping.Skip();
        CborReader reading = Reader(bytes);
        CborItem.Read(reading, bytes);

        Assert.False(skipping.Finish(), what);
        Assert.False(reading.Finish(), what);
    }

    [Fact]
    public void A_reader_that_failed_stays_failed_and_gives_nothing()
    {
        CborReader reader = Reader([0x01, 0x41, 0xFF, 0x81, 0x02, 0xA1, 0x01, 0x02, 0xF5, 0xF6, 0x61, 0x61]);
        reader.ReadBool();

        Assert.True(reader.Failed);
        Assert.Equal(CborType.None, reader.Peek());
        Assert.Equal(0, reader.ReadInteger());
        Assert.Equal(0, reader.ReadBytes() + reader.ReadArray() + reader.ReadMap() + reader.ReadTag() + reader.ReadText());
        Assert.Equal("", reader.ReadText(9));
        Assert.False(reader.ReadBool());
        Assert.False(reader.TryReadNull());
        Assert.False(reader.ReadBytes(new byte[4], 0, 0));
        Assert.False(reader.Finish());
        reader.Reset([0x01], 0, 1);
        Assert.Equal(1, reader.ReadInteger());
        Assert.True(reader.Finish());
    }

    [Fact]
    public void Limits_that_the_caller_names_are_kept()
    {
        Assert.Equal(5, Read("05", reader => reader.ReadInteger(5, 5)));
        Assert.Equal([7, 8], Read("420708", reader => { var bytes = new byte[2]; reader.ReadBytes(bytes, 0, 2); return bytes; }));
        Fails("06", reader => reader.ReadInteger(-1, 5));
        Fails("21", reader => reader.ReadInteger(-1, 5));
        Fails("4101", reader => reader.ReadBytes(2));
        Fails("6161", reader => reader.ReadText(0));
        Fails("4101", reader => reader.ReadText());
        Fails("6161", reader => reader.ReadBytes());
    }

    [Fact]
    public void Keys_rise_and_none_comes_twice()
    {
        Assert.Equal(0, Read("00", reader => reader.ReadKey(-1)));
        Assert.Equal(4, Read("04", reader => reader.ReadKey(3)));
        Fails("03", reader => reader.ReadKey(3));
        Fails("20", reader => reader.ReadKey(-1));
        Fails("1b0000000100000004", reader => reader.ReadKey(3));
    }

    [Fact]
    public void Items_are_skipped_down_to_the_limit_of_nesting()
    {
        Assert.True(Skips([.. Enumerable.Repeat((byte)0x81, CborReader.MaxNesting), 0x00]));
        Assert.False(Skips([.. Enumerable.Repeat((byte)0x81, CborReader.MaxNesting + 1), 0x00]));
        Assert.False(Skips([.. Enumerable.Repeat((byte)0xC1, 100_000), 0x00]));

        static bool Skips(byte[] bytes)
        {
            CborReader reader = Reader(bytes);
            reader.Skip();
            return reader.Finish();
        }
    }

    [Fact]
    public void A_range_outside_the_array_fails()
    {
        foreach ((int offset, int count) in new[] { (-1, 2), (0, 5), (4, 1), (1, -1), (int.MaxValue, 2), (2, int.MaxValue) })
        {
            var reader = new CborReader();
            reader.Reset(new byte[4], offset, count);
            Assert.Equal((true, 0L), (reader.Failed, reader.ReadInteger()));
            var writer = new CborWriter();
            writer.Reset(new byte[4], offset, count);
            writer.WriteInteger(1);
            Assert.Equal((true, 0), (writer.Failed, writer.Length));
        }
    }

    [Fact]
    public void A_negative_count_fails_the_writer_and_a_lone_surrogate_becomes_a_replacement_character()
    {
        var writer = new CborWriter();
        writer.Reset(new byte[9], 0, 9);
        writer.WriteArray(-1);

        Assert.Equal((true, 0), (writer.Failed, writer.Length));
        Assert.Equal("67efbfbd61efbfbd", Write(each => each.WriteText("\udd51a\ud800")));
        Assert.Equal("64f0908591", Write(each => each.WriteText("\ud800\udd51")));
    }

    private static CborReader Reader(byte[] bytes)
    {
        var reader = new CborReader();
        reader.Reset(bytes, 0, bytes.Length);
        return reader;
    }

    private static string Write(Action<CborWriter> write)
    {
        var buffer = new byte[64];
        var writer = new CborWriter();
        writer.Reset(buffer, 5, 50);
        write(writer);
        Assert.False(writer.Failed);
        Assert.Equal(5 + writer.Length, writer.Position);
        return Convert.ToHexStringLower(buffer, 5, writer.Length);
    }

    private static T Read<T>(string hex, Func<CborReader, T> read)
    {
        byte[] bytes = Convert.FromHexString(hex);
        CborReader reader = Reader(bytes);
        T value = read(reader);
        Assert.True(reader.Finish());
        return value;
    }

    private static void Fails<T>(string hex, Func<CborReader, T> read)
    {
        CborReader reader = Reader(Convert.FromHexString(hex));
        read(reader);
        Assert.True(reader.Failed);
    }
}
