using EdgeMl.Mcu.Agent.Storage;

namespace EdgeMl.Mcu.Agent.Tests.Storage;

/// <summary>For what does not depend on the content of slots.</summary>
internal sealed class AnythingIsWhole : SlotCheck
{
    public override bool IsWhole(FileStore store, Slot slot, byte[] manifestId) => true;
}
