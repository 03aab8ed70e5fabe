using System.Reflection;

[assembly: AssemblyTitle("System.Device.Gpio")]
[assembly: AssemblyVersion("1.1.62.0")]
