using Mono.Cecil;

namespace EdgeMl.Mcu.Metering.Instrumentation;

/// <summary>Finds the assemblies of one program for each other, and nothing else.</summary>
internal sealed class ProgramResolver : IAssemblyResolver, IMetadataResolver
{
    private readonly Dictionary<string, AssemblyDefinition> _assemblies = new(StringComparer.Ordinal);
    private readonly MetadataResolver _members;

    public ProgramResolver() => _members = new MetadataResolver(this);

    /// <summary>Reads an assembly; its references resolve to those read before and after it.</summary>
    /// <exception cref="MeteringException">The bytes are no assembly, or there is one of that name already.</exception>
    public AssemblyDefinition Read(byte[] image)
    {
        try
        {
            var assembly = AssemblyDefinition.ReadAssembly(new MemoryStream(image), new ReaderParameters { AssemblyResolver = this, MetadataResolver = this });
            return _assemblies.TryAdd(assembly.Name.Name, assembly) ? assembly : throw new MeteringException($"The program has two assemblies of the name {assembly.Name.Name}.");
        }
        catch (BadImageFormatException e)
        {
            throw new MeteringException($"An image of {image.Length} bytes is no .NET assembly.", e);
        }
    }

    /// <inheritdoc/>
    public AssemblyDefinition? Resolve(AssemblyNameReference name) => _assemblies.GetValueOrDefault(name.Name);

    /// <inheritdoc/>
    public AssemblyDefinition? Resolve(AssemblyNameReference name, ReaderParameters parameters) => Resolve(name);

    /// <inheritdoc/>
    public TypeDefinition? Resolve(TypeReference type) =>
        type.GetElementType().Scope is AssemblyNameReference scope && !_assemblies.ContainsKey(scope.Name) ? null : _members.Resolve(type);

    /// <inheritdoc/>
    public FieldDefinition? Resolve(FieldReference field) => Resolve(field.DeclaringType) is null ? null : _members.Resolve(field);

    /// <inheritdoc/>
    public MethodDefinition? Resolve(MethodReference method) => Resolve(method.DeclaringType) is null ? null : _members.Resolve(method);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (AssemblyDefinition assembly in _assemblies.Values)
            assembly.Dispose();
    }
}
