using System.Reflection;

[assembly: AssemblyTitle("nanoFramework.M2Mqtt")]
[assembly: AssemblyVersion("5.1.220.0")]
