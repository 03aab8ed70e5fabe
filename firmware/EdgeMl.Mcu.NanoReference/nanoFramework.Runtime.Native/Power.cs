namespace nanoFramework.Runtime.Native;

public class Power
{
    public static event RebootEventHandler OnRebootEvent { add => throw null; remove => throw null; }
    public static void RebootDevice(RebootOption rebootOption = RebootOption.NormalReboot) => throw null;
    public static void RebootDevice(int exeConstraintTimeout, RebootOption rebootOption = RebootOption.NormalReboot) => throw null;
}
