using System.Reflection;

[assembly: AssemblyTitle("System.Device.Wifi")]
[assembly: AssemblyVersion("1.5.149.0")]
