using System.Reflection;

[assembly: AssemblyTitle("System.Net")]
[assembly: AssemblyVersion("1.11.60.0")]
