using System.Reflection;

[assembly: AssemblyTitle("System.Threading")]
[assembly: AssemblyVersion("1.1.52.34401")]
