using System.Reflection;

[assembly: AssemblyTitle("System.IO.FileSystem")]
[assembly: AssemblyVersion("1.1.93.0")]
