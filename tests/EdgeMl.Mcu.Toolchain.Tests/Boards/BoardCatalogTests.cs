using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Boards;

namespace EdgeMl.Mcu.Toolchain.Tests.Boards;

public sealed class BoardCatalogTests
{
    private static readonly string Folder = Repository.PathOf("hardware/boards");

    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(Folder).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_board_file_is_complete_and_plausible(string file)
    {
        Board board = BoardCatalog.Parse(File.ReadAllBytes(Path.Combine(Folder, file)));

        Assert.EndsWith(".json", file, StringComparison.Ordinal);
        Assert.Matches("^[A-Z0-9]+(-[A-Z0-9]+)*$", board.Name);
        Assert.All(new[] { board.Chip, board.Firmware, board.FlashSource, board.HeapSource }, text => Assert.InRange(text.Length, 5, 400));
        Assert.InRange(board.ClockHz, 16_000_000, 1_000_000_000);
        Assert.InRange(board.FlashBytes, 32 << 10, 32 << 20);
        Assert.InRange(board.HeapBytes, 8 << 10, 64 << 20);
        // From 20 cycles for an instruction, faster than any seen, to 150.
        Assert.InRange(board.NanosecondsPerIl * board.ClockHz * 1e-9, 20, 150);
        Assert.Matches("^(measured|estimated)[: ]", board.SpeedSource);
        Assert.True(board.Notes is null || board.Notes.Length > 5);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void What_the_device_application_finds_on_a_board_goes_together(string file)
    {
        if (BoardCatalog.Parse(File.ReadAllBytes(Path.Combine(Folder, file))).Device is not { } device)
            return;

        Assert.True(File.Exists(Repository.PathOf($"firmware/nanoFramework/{device.Application}/{device.Application}.nfproj")), device.Application);
        Assert.Contains(device.Network, BoardDevice.Networks);
        Assert.Matches("^COM[0-9]", device.Link);
        Assert.All(new[] { device.Storage, device.WireProtocol, device.Sleep, device.Watchdog, device.Source }, text => Assert.InRange(text.Length, 10, 400));
        // Updates need a place to lie and a way to come.
        Assert.Equal(device.Updates, device.Drive is not null && device.Network != "none");
        Assert.True(device.Drive is null or "I:" or "D:");
        // Two slots, their manifests and the rest must have room.
        Assert.True(device.StorageBytes is null || device.StorageBytes >= 4 * 64 * 1024);
    }

    [Theory]
    [InlineData("ESP32")]
    [InlineData("ESP32-S3")]
    [InlineData("ESP32-C3")]
    [InlineData("STM32F769I-DISCO")]
    [InlineData("STM32F429I-DISCO")]
    public void The_boards_of_the_device_application_say_what_it_finds_there(string name) => Assert.NotNull(BoardCatalog.Find(name).Device);

    [Fact]
    public void The_catalog_holds_all_files_and_no_name_twice()
    {
        Assert.Equal(Files.Count, BoardCatalog.All.Count);
        string[] names = [.. BoardCatalog.All.SelectMany(board => board.Aliases.Prepend(board.Name)).Select(name => string.Concat(name.Where(char.IsLetterOrDigit)).ToUpperInvariant())];
        Assert.Empty(names.GroupBy(name => name).Where(group => group.Count() > 1).Select(group => group.Key));
    }

    [Theory]
    [InlineData("ESP32", "ESP32")]
    [InlineData("esp32-s3", "ESP32-S3")]
    [InlineData("Esp32C3", "ESP32-C3")]
    [InlineData("STM32F429I_DISCO", "STM32F429I-DISCO")]
    [InlineData("stm32f769", "STM32F769I-DISCO")]
    [InlineData("PICO_RP2040", "RASPBERRY-PI-PICO")]
    public void A_board_is_found_by_name_or_alias_however_it_is_spelt(string spelling, string name) => Assert.Equal(name, BoardCatalog.Find(spelling).Name);

    [Theory]
    [InlineData("ESP33", "ESP32")]
    [InlineData("esp32-s4", "ESP32-S3")]
    [InlineData("STM32F4", "STM32F429I-DISCO")]
    [InlineData("pico3", "RASPBERRY-PI-PICO-2")]
    public void An_unknown_board_suggests_the_nearest_names(string spelling, string suggestion)
    {
        ToolchainException error = Assert.Throws<ToolchainException>(() => BoardCatalog.Find(spelling));
        Assert.Equal("board.unknown", error.Code);
        Assert.Contains(suggestion, error.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("commodore64")]
    public void A_name_like_no_other_lists_the_boards(string spelling) =>
        Assert.All(BoardCatalog.All, board => Assert.Contains(board.Name, Assert.Throws<ToolchainException>(() => BoardCatalog.Find(spelling)).Hint, StringComparison.Ordinal));

    [Fact]
    public void A_file_with_a_member_too_many_or_too_few_is_refused()
    {
        string content = File.ReadAllText(Path.Combine(Folder, "esp32.json"));
        string[] members = [.. JsonNode.Parse(content)!.AsObject().Select(member => member.Key)];
        foreach (string member in members.Where(member => member is not ("notes" or "device")))
        {
            JsonObject without = JsonNode.Parse(content)!.AsObject();
            without.Remove(member);
            Assert.Throws<JsonException>(() => BoardCatalog.Parse(Encoding.UTF8.GetBytes(without.ToJsonString())));
        }
        JsonObject with = JsonNode.Parse(content)!.AsObject();
        with["colour"] = "red";
        Assert.Throws<JsonException>(() => BoardCatalog.Parse(Encoding.UTF8.GetBytes(with.ToJsonString())));
    }
}
