using System.Security.Cryptography;
using System.Text;
using EdgeMl.Mcu.Toolchain.Inspect;

namespace EdgeMl.Mcu.Toolchain.Emit.CSharp;

/// <summary>Project files for generated assemblies: SDK-style ones for the host, and ones for nanoFramework.</summary>
internal static class ProjectFiles
{
    private const string CoreLibrary = "1.17.11";

    /// <summary>Version of the runtime's package, which is that of the tools.</summary>
    private static readonly string RuntimeVersion = typeof(ProjectFiles).Assembly.GetName().Version!.ToString(3);

    /// <summary>Two projects for each assembly, and the packages of the one for nanoFramework.</summary>
    public static IReadOnlyList<SourceFile> For(IReadOnlyList<SourceAssembly> assemblies, IReadOnlyList<string> kernels, CSharpOptions options) =>
        [.. assemblies.SelectMany((assembly, i) =>
        {
            IEnumerable<SourceAssembly> parts = assemblies.Skip(i == 0 ? 1 : assemblies.Count);
            return new[] { Host(assembly, parts, options), Nano(assembly, parts, i == 0 ? kernels : [KernelAssemblies.Runtime], options), Packages(assembly) };
        })];

    private static SourceFile Host(SourceAssembly assembly, IEnumerable<SourceAssembly> parts, CSharpOptions options) => new(PathOf(assembly, $"{assembly.Name}.csproj"), $"""
        <!-- Made by: {Comments.Xml(options.Command)}
             The host build. Name this file: the folder has a project for nanoFramework as well. The runtime is a package, or a project:
             dotnet build {assembly.Name}.csproj -p:EdgeMlRuntimeProject=/PATH/EdgeMl.Mcu.Runtime.csproj -->
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <LangVersion>10</LangVersion>
            <AssemblyName>{assembly.Name}</AssemblyName>
            <RootNamespace>{options.Namespace}</RootNamespace>
            <Optimize>true</Optimize>
            <CheckForOverflowUnderflow>false</CheckForOverflowUnderflow>
            <EnableDefaultCompileItems>false</EnableDefaultCompileItems>
          </PropertyGroup>
          <ItemGroup>
            <Compile Include="{options.ClassName}.cs;{options.ClassName}Data*.cs;{options.ClassName}Layer*.cs" />
            <ProjectReference Include="$(EdgeMlRuntimeProject)" Condition="'$(EdgeMlRuntimeProject)' != ''" />
            <PackageReference Include="EdgeMl.Mcu.Runtime" Version="{RuntimeVersion}" Condition="'$(EdgeMlRuntimeProject)' == ''" />{References(parts, "csproj")}
          </ItemGroup>
        </Project>

        """);

    private static SourceFile Nano(SourceAssembly assembly, IEnumerable<SourceAssembly> parts, IReadOnlyList<string> kernels, CSharpOptions options) => new(PathOf(assembly, $"{assembly.Name}.nfproj"), $"""
        <?xml version="1.0" encoding="utf-8"?>
        <!-- Made by: {Comments.Xml(options.Command)}
             For the nanoFramework extension of Visual Studio, or msbuild with its project system. EdgeMlRuntime names the folder of {string.Join(", ", kernels.Select(name => $"{name}.dll"))}. -->
        <Project ToolsVersion="15.0" DefaultTargets="Build" xmlns="http://schemas.microsoft.com/developer/msbuild/2003">
          <PropertyGroup Label="Globals">
            <NanoFrameworkProjectSystemPath>$(MSBuildExtensionsPath)\nanoFramework\v1.0\</NanoFrameworkProjectSystemPath>
          </PropertyGroup>
          <Import Project="$(NanoFrameworkProjectSystemPath)NFProjectSystem.Default.props" Condition="Exists('$(NanoFrameworkProjectSystemPath)NFProjectSystem.Default.props')" />
          <PropertyGroup>
            <Configuration Condition="'$(Configuration)' == ''">Release</Configuration>
            <Platform Condition="'$(Platform)' == ''">AnyCPU</Platform>
            <ProjectTypeGuids>{"{11A8DD76-328B-46DF-9F39-F559912D0360};{FAE04EC0-301F-11D3-BF4B-00C04F79EFBC}"}</ProjectTypeGuids>
            <ProjectGuid>{ProjectGuid(assembly.Name, options.Namespace)}</ProjectGuid>
            <OutputType>Library</OutputType>
            <RootNamespace>{options.Namespace}</RootNamespace>
            <AssemblyName>{assembly.Name}</AssemblyName>
            <TargetFrameworkVersion>v1.0</TargetFrameworkVersion>
            <LangVersion>10</LangVersion>
            <Optimize>true</Optimize>
          </PropertyGroup>
          <Import Project="$(NanoFrameworkProjectSystemPath)NFProjectSystem.props" Condition="Exists('$(NanoFrameworkProjectSystemPath)NFProjectSystem.props')" />
          <ItemGroup>
            <Compile Include="{options.ClassName}.cs;{options.ClassName}Data*.cs;{options.ClassName}Layer*.cs" />
            <Reference Include="mscorlib">
              <HintPath>{(assembly.Folder.Length == 0 ? "" : @"..\")}packages\nanoFramework.CoreLibrary.{CoreLibrary}\lib\mscorlib.dll</HintPath>
            </Reference>{Kernels(kernels)}{References(parts, "nfproj")}
            <None Include="packages.config" />
          </ItemGroup>
          <Import Project="$(NanoFrameworkProjectSystemPath)NFProjectSystem.CSharp.targets" Condition="Exists('$(NanoFrameworkProjectSystemPath)NFProjectSystem.CSharp.targets')" />
        </Project>

        """);

    private static SourceFile Packages(SourceAssembly assembly) => new(PathOf(assembly, "packages.config"), $"""
        <?xml version="1.0" encoding="utf-8"?>
        <packages>
          <package id="nanoFramework.CoreLibrary" version="{CoreLibrary}" targetFramework="netnano1.0" />
        </packages>

        """);

    private static string Kernels(IReadOnlyList<string> kernels) =>
        string.Concat(kernels.Select(name => $"\n    <Reference Include=\"{name}\">\n      <HintPath>$(EdgeMlRuntime)\\{name}.dll</HintPath>\n    </Reference>"));

    private static string References(IEnumerable<SourceAssembly> parts, string extension) =>
        string.Concat(parts.Select(part => $"\n    <ProjectReference Include=\"{PathOf(part, $"{part.Name}.{extension}")}\" />"));

    private static string PathOf(SourceAssembly assembly, string file) => assembly.Folder.Length == 0 ? file : $"{assembly.Folder}/{file}";

    /// <summary>The same names give the same identifier, so that making a project anew does not change it.</summary>
    private static string ProjectGuid(string name, string scope) => new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{scope}/{name}"))[..16]).ToString("B").ToUpperInvariant();
}
