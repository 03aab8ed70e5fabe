using EdgeMl.Mcu.Agent;
using EdgeMl.Mcu.Runtime;

namespace EdgeMl.Mcu.Ota.Tests;

public class AgentErrorsTests
{
    [Fact]
    public void A_missing_kernel_is_explained_by_the_assemblies_that_may_lack()
    {
        string? hint = AgentErrors.HintOf((int)Error.UnknownKernel);

        Assert.Contains("EdgeMl.Mcu.Runtime.Packed", hint, StringComparison.Ordinal);
        Assert.Contains("EdgeMl.Mcu.Runtime.Typed", hint, StringComparison.Ordinal);
        Assert.Null(AgentErrors.HintOf((int)Error.Checksum));
        Assert.Null(AgentErrors.HintOf((int)AgentError.Signature));
    }
}
