using System.Buffers.Binary;
using EdgeMl.Mcu.Device.Sensors;

namespace EdgeMl.Mcu.Device.Tests.Sensors;

public class AccelerometerTests
{
    [Theory]
    [InlineData(2, 0x00, 16_384)]
    [InlineData(4, 0x08, 8_192)]
    [InlineData(8, 0x10, 4_096)]
    [InlineData(16, 0x18, 2_048)]
    public void An_MPU_6050_is_woken_set_to_its_range_and_read_in_g(int range, int configuration, short oneG)
    {
        var chip = new SimulatedChip { Registers = { [0x75] = 0x68, [0x6B] = 0x40 } };
        var sensor = new Mpu6050(chip, range);
        BinaryPrimitives.WriteInt16BigEndian(chip.Registers.AsSpan(0x3B), oneG);
        BinaryPrimitives.WriteInt16BigEndian(chip.Registers.AsSpan(0x3D), (short)-oneG);
        BinaryPrimitives.WriteInt16BigEndian(chip.Registers.AsSpan(0x3F), (short)(oneG / 2));

        Assert.True(sensor.Open());

        float[] values = new float[4];
        Assert.True(sensor.Read(values, 1));
        Assert.Equal([0, 1, -1, 0.5f], values);
        Assert.Equal(0x6B, chip.Writes[0].Register);
        Assert.Equal((0x01, configuration), (chip.Registers[0x6B], chip.Registers[0x1C]));
    }

    [Theory]
    [InlineData(2, 0x88, 1)]
    [InlineData(4, 0x98, 2)]
    [InlineData(8, 0xA8, 4)]
    [InlineData(16, 0xB8, 12)]
    public void A_LIS3DH_is_set_to_high_resolution_and_its_range_and_read_in_g(int range, int control, int milligravityPerDigit)
    {
        var chip = new SimulatedChip { AddressMask = 0x7F, Registers = { [0x0F] = 0x33 } };
        var sensor = new Lis3dh(chip, range);
        short[] digits = [500, -500, 2_047];
        for (int axis = 0; axis < 3; axis++)
            BinaryPrimitives.WriteInt16LittleEndian(chip.Registers.AsSpan(0x28 + (2 * axis)), (short)(digits[axis] << 4));

        Assert.True(sensor.Open());

        float[] values = new float[3];
        Assert.True(sensor.Read(values, 0));
        for (int axis = 0; axis < 3; axis++)
            Assert.Equal(digits[axis] * milligravityPerDigit / 1_000.0, values[axis], 4);
        Assert.Equal((0x77, control), (chip.Registers[0x20], chip.Registers[0x23]));
    }

    [Fact]
    public void Another_chip_or_none_is_not_taken_for_the_accelerometer()
    {
        Assert.False(new Mpu6050(new SimulatedChip { Registers = { [0x75] = 0x33 } }, 2).Open());
        Assert.False(new Lis3dh(new SimulatedChip { AddressMask = 0x7F, Registers = { [0x0F] = 0x68 } }, 2).Open());
        Assert.False(new Mpu6050(new SimulatedChip { Answers = false, Registers = { [0x75] = 0x68 } }, 2).Open());
    }
}
