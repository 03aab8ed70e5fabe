using System;

namespace nanoFramework.Hardware.Esp32;

public class Sleep
{
    public enum WakeupMode
    {
        AllLow = 0,
        AnyHigh = 1,
    }

    public enum WakeupCause
    {
        Undefined = 0,
        Ext0 = 2,
        Ext1 = 3,
        Timer = 4,
        TouchPad = 5,
        Ulp = 6,
        Gpio = 7,
        Uart = 8,
        Wifi = 9,
        CoCpu = 10,
        CoCpuTrapTrig = 11,
        Bt = 12,
    }

    [Flags]
    public enum WakeupGpioPin : ulong
    {
        None = 0x00,
        Pin0 = 0x01,
        Pin1 = 0x02,
        Pin2 = 0x04,
        Pin3 = 0x08,
        Pin4 = 0x10,
        Pin5 = 0x20,
        Pin6 = 0x40,
        Pin7 = 0x80,
        Pin8 = 0x100,
        Pin9 = 0x200,
        Pin10 = 0x400,
        Pin11 = 0x800,
        Pin12 = 0x1000,
        Pin13 = 0x2000,
        Pin14 = 0x4000,
        Pin15 = 0x8000,
        Pin16 = 0x10000,
        Pin17 = 0x20000,
        Pin18 = 0x40000,
        Pin19 = 0x80000,
        Pin20 = 0x100000,
        Pin21 = 0x200000,
        Pin25 = 0x2000000,
        Pin26 = 0x4000000,
        Pin27 = 0x8000000,
        Pin32 = 0x100000000,
        Pin33 = 0x200000000,
        Pin34 = 0x400000000,
        Pin35 = 0x800000000,
        Pin36 = 0x1000000000,
        Pin37 = 0x2000000000,
        Pin38 = 0x4000000000,
        Pin39 = 0x8000000000,
    }

    public enum WakeUpPort
    {
        COM1 = 0,
        COM2 = 1,
    }

    public static EspNativeError EnableWakeupByTimer(TimeSpan time) => throw null;
    public static EspNativeError EnableWakeupByPin(WakeupGpioPin pin, int level) => throw null;
    public static EspNativeError EnableWakeupByMultiPins(WakeupGpioPin pins, WakeupMode mode) => throw null;
    public static EspNativeError EnableWakeupByTouchPad(int padNumber1, int padNumber2 = -1, byte thresholdCoefficient = 80) => throw null;
    public static EspNativeError EnableWakeupByUart(WakeUpPort portNumber, int edgeCount) => throw null;
    public static EspNativeError StartLightSleep() => throw null;
    public static void StartDeepSleep() => throw null;
    public static WakeupCause GetWakeupCause() => throw null;
    public static WakeupGpioPin GetWakeupGpioPin() => throw null;
    public static int GetWakeupTouchpad() => throw null;
}
