using System.Reflection;

[assembly: AssemblyTitle("nanoFramework.System.Security.Cryptography")]
[assembly: AssemblyVersion("1.0.43.0")]
