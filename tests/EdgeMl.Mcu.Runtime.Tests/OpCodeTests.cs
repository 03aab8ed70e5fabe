using EdgeMl.Mcu.Runtime.Format;

namespace EdgeMl.Mcu.Runtime.Tests;

public class OpCodeTests
{
    [Fact]
    public void Every_opcode_has_a_number_and_a_kernel_of_its_own()
    {
        OpCode[] codes = Enum.GetValues<OpCode>();
        Assert.Equal(codes.Length, codes.Distinct().Count());
        Assert.All(codes, code => Assert.NotNull(KernelTable.Find((int)code)));
    }
}
