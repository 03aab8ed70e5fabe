using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Data;

namespace EdgeMl.Mcu.Toolchain.Tests.Data;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Content_replaces_the_old_file_and_nothing_stays_aside()
    {
        string path = _folder.Write("out.bin", "old");
        AtomicFile.WriteAllBytes(path, [1, 2, 3]);
        Assert.Equal([1, 2, 3], File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Missing_folders_are_created()
    {
        string path = _folder.File(Path.Combine("a", "b", "out.bin"));
        AtomicFile.WriteAllBytes(path, [7]);
        Assert.Equal([7], File.ReadAllBytes(path));
    }

    [Fact]
    public void A_folder_in_the_files_place_is_an_error_and_stays()
    {
        var error = Assert.Throws<ToolchainException>(() => AtomicFile.WriteAllBytes(_folder.Path, [1]));
        Assert.Equal(ErrorCodes.FileUnwritable, error.Code);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_symbolic_link_stays_and_its_target_is_replaced()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Symbolic links need a privilege on Windows.");
        string target = _folder.Write("target.bin", "old");
        string link = _folder.File("link.bin");
        File.CreateSymbolicLink(link, target);
        AtomicFile.WriteAllBytes(link, [5]);
        Assert.Equal([5], File.ReadAllBytes(target));
        Assert.Equal(target, File.ResolveLinkTarget(link, true)!.FullName);
    }

    [Fact]
    public void A_device_is_written_to_and_not_replaced()
    {
        Assert.SkipUnless(File.Exists("/dev/null"), "There is no /dev/null.");
        AtomicFile.WriteAllBytes("/dev/null", [1]);
        Assert.Empty(File.ReadAllBytes("/dev/null"));
    }
}
