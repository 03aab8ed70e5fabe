using System.Reflection;

[assembly: AssemblyTitle("nanoFramework.Hardware.Stm32")]
[assembly: AssemblyVersion("1.10.37.0")]
