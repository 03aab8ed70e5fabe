using System.Reflection;

[assembly: AssemblyTitle("nanoFramework.M2Mqtt.Core")]
[assembly: AssemblyVersion("5.1.220.0")]
