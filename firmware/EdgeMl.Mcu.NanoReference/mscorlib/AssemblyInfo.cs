using System.Reflection;

[assembly: AssemblyTitle("mscorlib")]
[assembly: AssemblyVersion("1.17.11.0")]
