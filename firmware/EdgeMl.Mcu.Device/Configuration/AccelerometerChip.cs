namespace EdgeMl.Mcu.Device.Configuration;

/// <summary>An accelerometer that the application has the registers of.</summary>
public enum AccelerometerChip : byte
{
    /// <summary>InvenSense MPU-6050, and MPU-6500 and MPU-9250, which have the same accelerometer registers.</summary>
    Mpu6050 = 1,

    /// <summary>STMicroelectronics LIS3DH, and LIS2DH12, which has the same registers.</summary>
    Lis3dh = 2,
}
