using EdgeMl.Mcu.Runtime.Format;

namespace EdgeMl.Mcu.Runtime.Tests;

public class Crc32Tests
{
    [Fact]
    public void The_check_value_of_the_standard_comes_out() => Assert.Equal(0xCBF43926u, Crc32.Compute([.. "123456789"u8], 0, 9));

    [Fact]
    public void Only_the_named_bytes_count()
    {
        Assert.Equal(Crc32.Compute([.. "345"u8], 0, 3), Crc32.Compute([.. "123456789"u8], 2, 3));
        Assert.Equal(0u, Crc32.Compute([1, 2, 3], 1, 0));
    }
}
