using System.Reflection;

[assembly: AssemblyTitle("System.Math")]
[assembly: AssemblyVersion("1.5.116.0")]
