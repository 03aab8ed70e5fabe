using EdgeMl.Mcu.Bench.Serial;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Bench.Tests.Serial;

public class SerialPortTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public void All_byte_values_pass_both_ways_unchanged()
    {
        using var line = new PortPair();
        using SerialPort near = SerialPort.Open(line.First);
        using SerialPort far = SerialPort.Open(line.Second, 921600);
        byte[] sent = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];

        near.Write(sent, Patience);
        Assert.Equal(sent, ReadExactly(far, sent.Length));
        far.Write(sent, Patience);
        Assert.Equal(sent, ReadExactly(near, sent.Length));
    }

    [Fact]
    public async Task A_megabyte_passes_while_both_ends_write()
    {
        using var line = new PortPair();
        using SerialPort near = SerialPort.Open(line.First);
        using SerialPort far = SerialPort.Open(line.Second);
        byte[] there = new byte[1 << 20];
        byte[] back = new byte[1 << 20];
        new Random(1).NextBytes(there);
        new Random(2).NextBytes(back);

        CancellationToken token = TestContext.Current.CancellationToken;
        Task<byte[]> atFar = Task.Run(() => ReadExactly(far, there.Length), token);
        Task<byte[]> atNear = Task.Run(() => ReadExactly(near, back.Length), token);
        await Task.WhenAll(Task.Run(() => near.Write(there, Patience), token), Task.Run(() => far.Write(back, Patience), token));

        Assert.Equal(there, await atFar);
        Assert.Equal(back, await atNear);
    }

    [Fact]
    public void A_silent_line_reads_nothing_and_is_no_error()
    {
        using var line = new PortPair();
        using SerialPort port = SerialPort.Open(line.First);

        Assert.Equal(0, port.Read(new byte[8], TimeSpan.FromMilliseconds(20)));
        Assert.Equal(0, port.Read(new byte[8], TimeSpan.Zero));
    }

    [Fact]
    public void Input_that_is_discarded_is_not_read()
    {
        using var line = new PortPair();
        using SerialPort near = SerialPort.Open(line.First);
        using SerialPort far = SerialPort.Open(line.Second);

        near.Write("old"u8, Patience);
        Assert.Equal(1, far.Read(new byte[1], Patience));
        Assert.True(SpinWait.SpinUntil(() => { far.DiscardInput(); near.Write("n"u8, Patience); return ReadExactly(far, 1)[0] == 'n'; }, Patience));
    }

    [Fact]
    public void A_port_that_is_cut_says_that_it_is_gone()
    {
        using var line = new PortPair();
        using SerialPort port = SerialPort.Open(line.First);
        line.Cut();

        BenchException error = Assert.Throws<BenchException>(() => port.Read(new byte[1], Patience));

        Assert.Equal(BenchErrorCodes.PortDisconnected, error.Code);
        Assert.NotNull(error.Hint);
    }

    [Fact]
    public void A_port_is_opened_by_one_program_at_a_time()
    {
        using var line = new PortPair();
        using SerialPort port = SerialPort.Open(line.First);

        Assert.Equal(BenchErrorCodes.PortBusy, Assert.Throws<BenchException>(() => SerialPort.Open(line.First)).Code);
    }

    [Fact]
    public void A_closed_port_can_be_opened_again()
    {
        using var line = new PortPair();
        SerialPort.Open(line.First).Dispose();
        using SerialPort port = SerialPort.Open(line.First);

        Assert.Equal(line.First, port.Name);
    }

    [Fact]
    public void A_port_without_modem_lines_says_so()
    {
        using var line = new PortPair();
        using SerialPort port = SerialPort.Open(line.First);

        Assert.False(port.TrySetLines(dataTerminalReady: true, requestToSend: true));
    }

    [Fact]
    public void A_name_without_a_port_is_refused_with_a_hint()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "device files are POSIX's");
        BenchException error = Assert.Throws<BenchException>(() => SerialPort.Open("/dev/no-such-port"));

        Assert.Equal(BenchErrorCodes.PortNotFound, error.Code);
        Assert.Contains("edgeml ports", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_is_no_port()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "device files are POSIX's");
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "file");
        File.WriteAllText(file, "text");

        Assert.Equal(BenchErrorCodes.PortUnsuitable, Assert.Throws<BenchException>(() => SerialPort.Open(file)).Code);
        Assert.Equal("text", File.ReadAllText(file));
    }

    [Fact]
    public void A_port_of_another_group_is_told_with_that_group()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "device files are POSIX's");
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "root may open every port");
        using var folder = new TemporaryFolder();
        string file = folder.File("port");
        File.WriteAllText(file, "");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.None);

        BenchException error = Assert.Throws<BenchException>(() => SerialPort.Open(file));

        Assert.Equal(BenchErrorCodes.PortDenied, error.Code);
        Assert.Contains("dialout", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void The_rate_of_an_open_port_can_be_changed_to_one_that_the_system_knows()
    {
        using var line = new PortPair();
        using SerialPort port = SerialPort.Open(line.First);
        using SerialPort far = SerialPort.Open(line.Second);

        Assert.True(port.TryChangeBaudRate(921600));
        Assert.False(port.TryChangeBaudRate(12345) && OperatingSystem.IsLinux());
        port.Write("x"u8, Patience);
        Assert.Equal((byte)'x', ReadExactly(far, 1)[0]);
    }

    [Fact]
    public void A_baud_rate_that_the_system_does_not_know_is_refused()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux's list of baud rates");
        using var line = new PortPair();

        BenchException error = Assert.Throws<BenchException>(() => SerialPort.Open(line.First, 12345));

        Assert.Equal(BenchErrorCodes.PortUnsuitable, error.Code);
        Assert.Contains("12345", error.Message, StringComparison.Ordinal);
    }

    private static byte[] ReadExactly(SerialPort port, int count)
    {
        byte[] all = new byte[count];
        for (int done = 0; done < count;)
        {
            int read = port.Read(all.AsSpan(done), Patience);
            Assert.True(read > 0, $"nothing came after {done} of {count} bytes");
            done += read;
        }
        return all;
    }
}
