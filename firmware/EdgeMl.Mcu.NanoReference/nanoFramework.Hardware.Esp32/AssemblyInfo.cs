using System.Reflection;

[assembly: AssemblyTitle("nanoFramework.Hardware.Esp32")]
[assembly: AssemblyVersion("1.6.40.0")]
