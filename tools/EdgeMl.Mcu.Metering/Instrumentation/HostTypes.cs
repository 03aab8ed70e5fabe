using EdgeMl.Mcu.Metering.Costs;
using Mono.Cecil;
using Reflection = System.Reflection;

namespace EdgeMl.Mcu.Metering.Instrumentation;

/// <summary>Has an assembly that was compiled against nanoFramework's class library refer to the host's.</summary>
internal static class HostTypes
{
    private const Reflection.BindingFlags AnyMember =
        Reflection.BindingFlags.Public | Reflection.BindingFlags.NonPublic | Reflection.BindingFlags.Static | Reflection.BindingFlags.Instance | Reflection.BindingFlags.FlattenHierarchy;

    private static readonly Reflection.Assembly[] Libraries = [typeof(object).Assembly, typeof(Console).Assembly];

    /// <summary>Redirects the references of a module in place. Those that the host does not have stay as they are.</summary>
    public static void Retarget(ModuleDefinition module)
    {
        DropAttributes(module);
        AssemblyNameReference[] hosts = [.. Libraries.Select(library => AssemblyNameReference.Parse(library.FullName))];
        foreach (TypeReference type in module.GetTypeReferences().Where(type => !type.IsNested && IsLibrary(type)))
        {
            int library = Array.FindIndex(Libraries, candidate => candidate.GetType(type.FullName) is { IsPublic: true });
            if (library >= 0)
                type.Scope = hosts[library];
        }
        foreach (AssemblyNameReference host in hosts)
            module.AssemblyReferences.Add(host);
        // The module's own idea of the core library, which new members refer to.
        if (module.TypeSystem.CoreLibrary is AssemblyNameReference core && LibraryCosts.IsLibraryName(core.Name))
            (core.Name, core.Version, core.PublicKeyToken) = (hosts[0].Name, hosts[0].Version, hosts[0].PublicKeyToken);
    }

    /// <summary>Checks that the host has what a written module refers to.</summary>
    /// <exception cref="MeteringException">It has not; all that is missing is named.</exception>
    public static void RequireKnown(ModuleDefinition module)
    {
        var missing = new SortedSet<string>(StringComparer.Ordinal);
        foreach (TypeReference type in module.GetTypeReferences().Where(IsLibrary))
        {
            if (Find(type) is null)
                missing.Add(type.FullName);
        }
        foreach (MemberReference member in module.GetMemberReferences())
        {
            if (IsLibrary(member.DeclaringType) && Find(member.DeclaringType) is { } type && type.GetMember(member.Name, AnyMember).Length == 0)
                missing.Add($"{type.FullName}.{member.Name}");
        }
        if (missing.Count > 0)
            throw new MeteringException($"{module.Name} uses what the host's class library does not have: {string.Join(", ", missing)}.");
    }

    private static Type? Find(TypeReference type) =>
        type is TypeSpecification ? typeof(Array) : Libraries.Select(library => library.GetType(type.FullName.Replace('/', '+'))).FirstOrDefault(found => found is { IsVisible: true });

    private static bool IsLibrary(TypeReference type) => type.Scope is AssemblyNameReference scope && LibraryCosts.IsLibraryName(scope.Name);

    /// <summary>Attributes matter to debuggers and compilers only, and some are the device's own; but InternalsVisibleTo lets one metered assembly use another.</summary>
    private static void DropAttributes(ModuleDefinition module)
    {
        IEnumerable<ICustomAttributeProvider> members = module.GetTypes().SelectMany(type => type.Methods
            .SelectMany(method => method.Parameters.Concat<ICustomAttributeProvider>([method, method.MethodReturnType]))
            .Concat(type.Fields).Concat(type.Properties).Concat(type.Events).Append(type));
        foreach (ICustomAttributeProvider provider in members.Concat([module, module.Assembly]).Where(provider => provider.HasCustomAttributes))
        {
            foreach (CustomAttribute attribute in provider.CustomAttributes.Where(attribute => attribute.AttributeType.Name != "InternalsVisibleToAttribute").ToArray())
                provider.CustomAttributes.Remove(attribute);
        }
    }
}
