namespace nanoFramework.Hardware.Stm32;

public static class Power
{
    public enum WakeupPin
    {
        Pin1 = 1,
        Pin2 = 2,
        Pin3 = 3,
    }

    public enum WakeupReasonType
    {
        Undetermined = 0,
        FromStandby = 1,
        FromPin = 2,
    }

    public static WakeupReasonType WakeupReason => throw null;
    public static void EnterStandbyMode() => throw null;
    public static void DisableWakeupPin(WakeupPin pin = WakeupPin.Pin1) => throw null;
    public static void EnableWakeupPin(WakeupPin pin = WakeupPin.Pin1) => throw null;
}
