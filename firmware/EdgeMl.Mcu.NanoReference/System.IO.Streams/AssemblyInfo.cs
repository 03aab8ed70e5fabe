using System.Reflection;

[assembly: AssemblyTitle("System.IO.Streams")]
[assembly: AssemblyVersion("1.1.96.0")]
