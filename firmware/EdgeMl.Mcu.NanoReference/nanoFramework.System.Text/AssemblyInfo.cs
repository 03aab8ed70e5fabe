using System.Reflection;

[assembly: AssemblyTitle("nanoFramework.System.Text")]
[assembly: AssemblyVersion("1.3.42.0")]
