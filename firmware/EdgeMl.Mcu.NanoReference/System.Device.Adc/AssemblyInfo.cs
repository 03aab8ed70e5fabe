using System.Reflection;

[assembly: AssemblyTitle("System.Device.Adc")]
[assembly: AssemblyVersion("1.1.24.44037")]
