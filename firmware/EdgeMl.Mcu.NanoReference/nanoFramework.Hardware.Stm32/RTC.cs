using System;

namespace nanoFramework.Hardware.Stm32;

public static class RTC
{
    public static void SetAlarm(DateTime time) => throw null;
    public static DateTime GetAlarm() => throw null;
}
