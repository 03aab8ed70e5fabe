using System.Text;
using EdgeMl.Mcu.Agent.Cbor;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Agent.Tests.Cbor;

/// <summary>A data item as a tree, with arbitrary ones to try; an array, a map or a tag holds what is in it as <see cref="Items"/>.</summary>
internal sealed record CborItem(CborType Type, long Number = 0, string Text = "", byte[]? Bytes = null, CborItem[]? Items = null)
{
    private static readonly long[] Corners = [0, 23, 24, 255, 256, 65535, 65536, uint.MaxValue, 1L + uint.MaxValue, long.MaxValue];

    public static Gen<CborItem> Any => Nested(3);

    private static Gen<long> NotNegative => Gen.OneOf(Gen.Elements(Corners), Gen.Choose(0, 300).Select(value => (long)value), Gen.Choose(0, int.MaxValue).Select(value => (long)value << 20));

    private static Gen<string> Texts => Gen.Elements("", "a", "digits_mlp", "Gerät", "水", "\U00010151\U0001F600", "\u07FF\u0800\uFFFF", new string('x', 300));

    private static Gen<CborItem> Leaf => Gen.OneOf(
        NotNegative.Select(value => new CborItem(CborType.Unsigned, value)),
        NotNegative.Select(value => new CborItem(CborType.Negative, ~value)),
        Gen.Choose(0, 70).Select(length => new CborItem(CborType.Bytes, Bytes: [.. Enumerable.Range(length, length).Select(value => (byte)(value * 37))])),
        Texts.Select(text => new CborItem(CborType.Text, Text: text)),
        Gen.Elements(0L, 1L).Select(value => new CborItem(CborType.Bool, value)),
        Gen.Constant(new CborItem(CborType.Null)));

    /// <summary>Reads one item; <paramref name="data"/> is what the reader reads.</summary>
    public static CborItem Read(CborReader reader, byte[] data)
    {
        CborType type = reader.Peek();
        switch (type)
        {
            case CborType.Unsigned or CborType.Negative:
                return new CborItem(type, reader.ReadInteger());
            case CborType.Bytes:
                int count = reader.ReadBytes();
                return new CborItem(type, Bytes: data[reader.DataOffset..(reader.DataOffset + count)]);
            case CborType.Text:
                return new CborItem(type, Text: reader.ReadText(int.MaxValue));
            case CborType.Array:
                return new CborItem(type, Items: ReadAll(reader, data, reader.ReadArray()));
            case CborType.Map:
                return new CborItem(type, Items: ReadAll(reader, data, 2 * reader.ReadMap()));
            case CborType.Tag:
                return new CborItem(type, reader.ReadTag(), Items: ReadAll(reader, data, 1));
            case CborType.Bool:
                return new CborItem(type, reader.ReadBool() ? 1 : 0);
            case CborType.Null:
                reader.TryReadNull();
                return new CborItem(type);
            default:
                reader.Fail();
                return new CborItem(CborType.None);
        }
    }

    public void Write(CborWriter writer)
    {
        switch (Type)
        {
            case CborType.Unsigned or CborType.Negative:
                writer.WriteInteger(Number);
                break;
            case CborType.Bytes:
                writer.WriteBytes(Bytes!, 0, Bytes!.Length);
                break;
            case CborType.Text:
                writer.WriteText(Text);
                break;
            case CborType.Array:
                writer.WriteArray(Items!.Length);
                break;
            case CborType.Map:
                writer.WriteMap(Items!.Length / 2);
                break;
            case CborType.Tag:
                writer.WriteTag(Number);
                break;
            case CborType.Bool:
                writer.WriteBool(Number == 1);
                break;
            default:
                writer.WriteNull();
                break;
        }
        foreach (CborItem item in Items ?? [])
            item.Write(writer);
    }

    public byte[] Encode()
    {
        var buffer = new byte[60_000];
        var writer = new CborWriter();
        writer.Reset(buffer, 0, buffer.Length);
        Write(writer);
        Assert.False(writer.Failed);
        return buffer[..writer.Length];
    }

    /// <summary>A notation that tells any two items apart.</summary>
    public override string ToString() => Type switch
    {
        CborType.Bytes => $"h'{Convert.ToHexString(Bytes!)}'",
        CborType.Text => $"\"{Convert.ToHexString(Encoding.UTF8.GetBytes(Text))}\"",
        _ => $"{Type} {Number}({string.Join(", ", (object[]?)Items ?? [])})",
    };

    private static Gen<CborItem> Nested(int depth) => depth == 0 ? Leaf : Gen.OneOf(
        Leaf,
        from count in Gen.Choose(0, 3) from items in Nested(depth - 1).ArrayOf(count) select new CborItem(CborType.Array, Items: items),
        from pairs in Gen.Choose(0, 3) from items in Nested(depth - 1).ArrayOf(2 * pairs) select new CborItem(CborType.Map, Items: items),
        from tag in NotNegative from item in Nested(depth - 1) select new CborItem(CborType.Tag, tag, Items: [item]));

    private static CborItem[] ReadAll(CborReader reader, byte[] data, int count)
    {
        var items = new List<CborItem>();
        while (items.Count < count && !reader.Failed)
            items.Add(Read(reader, data));
        return [.. items];
    }
}
