using System.Reflection;

[assembly: AssemblyTitle("nanoFramework.Runtime.Native")]
[assembly: AssemblyVersion("1.7.11.0")]
