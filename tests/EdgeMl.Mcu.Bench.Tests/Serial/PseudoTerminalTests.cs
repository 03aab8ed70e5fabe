using EdgeMl.Mcu.Bench.Serial;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Bench.Tests.Serial;

public class PseudoTerminalTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public void All_byte_values_pass_both_ways_unchanged()
    {
        using PseudoTerminal line = PseudoTerminal.Open();
        using SerialPort far = SerialPort.Open(line.Name);
        byte[] sent = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];

        line.Port.Write(sent, Patience);
        Assert.Equal(sent, ReadExactly(far, sent.Length));
        far.Write(sent, Patience);
        Assert.Equal(sent, ReadExactly(line.Port, sent.Length));
    }

    [Fact]
    public void The_far_end_may_be_closed_and_opened_again()
    {
        using PseudoTerminal line = PseudoTerminal.Open();
        for (byte i = 0; i < 5; i++)
        {
            using SerialPort far = SerialPort.Open(line.Name);
            far.Write([i], Patience);
            Assert.Equal([i], ReadExactly(line.Port, 1));
        }
        Assert.Equal(0, line.Port.Read(new byte[1], TimeSpan.Zero));
    }

    [Fact]
    public void The_far_end_says_that_it_is_gone_after_the_line_was_unplugged()
    {
        PseudoTerminal line = PseudoTerminal.Open();
        using SerialPort far = SerialPort.Open(line.Name);
        line.Dispose();

        Assert.Equal(BenchErrorCodes.PortDisconnected, Assert.Throws<BenchException>(() => far.Read(new byte[1], Patience)).Code);
    }

    [Fact]
    public void A_name_that_was_asked_for_stays_over_lines()
    {
        using var folder = new TemporaryFolder();
        string name = Path.Combine(folder.Path, "board");
        PseudoTerminal first = PseudoTerminal.Open(name);
        using (PseudoTerminal second = PseudoTerminal.Open(name))
        {
            Assert.Equal(name, second.Name);
            first.Dispose();
            using SerialPort far = SerialPort.Open(name);
            far.Write([42], Patience);
            Assert.Equal([42], ReadExactly(second.Port, 1));
        }
        Assert.False(File.Exists(name));
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
