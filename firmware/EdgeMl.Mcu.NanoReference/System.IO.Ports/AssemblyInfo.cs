using System.Reflection;

[assembly: AssemblyTitle("System.IO.Ports")]
[assembly: AssemblyVersion("1.1.139.0")]
