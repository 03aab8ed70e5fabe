using System.Reflection;

[assembly: AssemblyTitle("System.Device.I2c")]
[assembly: AssemblyVersion("1.1.29.0")]
