using System.Reflection;

[assembly: AssemblyTitle("nanoFramework.Runtime.Events")]
[assembly: AssemblyVersion("1.11.37.0")]
