using System.Text;
using System.Text.Json;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Boards;

namespace EdgeMl.Mcu.Toolchain.Tests.Boards;

public sealed class BoardSpeedEditorTests
{
    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(Repository.PathOf("hardware/boards")).Select(path => Path.GetFileName(path)!)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Only_the_speed_and_its_source_change(string file)
    {
        byte[] content = File.ReadAllBytes(Repository.PathOf(Path.Combine("hardware/boards", file)));

        byte[] edited = BoardSpeedEditor.WithSpeed(content, 298.7654, "measured: \"desk\", 2026");

        Board before = BoardCatalog.Parse(content);
        Board after = BoardCatalog.Parse(edited);
        Assert.Equal((298.8, "measured: \"desk\", 2026"), (after.NanosecondsPerIl, after.SpeedSource));
        string[] oldLines = Lines(content);
        string[] newLines = Lines(edited);
        Assert.Equal(oldLines.Length, newLines.Length);
        Assert.Equal(["nanosecondsPerIl", "speedSource"], oldLines.Zip(newLines).Where(pair => pair.First != pair.Second).Select(pair => pair.First.Trim().Split('"')[1]));
        Assert.Equal(content, BoardSpeedEditor.WithSpeed(edited, before.NanosecondsPerIl, before.SpeedSource));
    }

    [Fact]
    public void A_member_of_the_same_name_elsewhere_stays()
    {
        string content = Encoding.UTF8.GetString(File.ReadAllBytes(Repository.PathOf("hardware/boards/esp32.json"))).Replace("\"The interpreter uses one core.\"", "\"nanosecondsPerIl\"", StringComparison.Ordinal);

        Board board = BoardCatalog.Parse(BoardSpeedEditor.WithSpeed(Encoding.UTF8.GetBytes(content), 1234.5, "measured: x"));

        Assert.Equal((1234, "nanosecondsPerIl"), (board.NanosecondsPerIl, board.Notes));
    }

    [Fact]
    public void What_is_no_board_is_refused() => Assert.Throws<JsonException>(() => BoardSpeedEditor.WithSpeed("{\"nanosecondsPerIl\": 1}"u8.ToArray(), 2, "measured: x"));

    private static string[] Lines(byte[] content) => Encoding.UTF8.GetString(content).Split('\n');
}
