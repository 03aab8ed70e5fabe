namespace EdgeMl.Mcu.Bench.Flash;

/// <summary>What an operation on a simulated memory does.</summary>
public enum OperationKind
{
    /// <summary>Nothing: power fails between two operations.</summary>
    Idle,

    /// <summary>Creates a file.</summary>
    Create,

    /// <summary>Writes to a file.</summary>
    Write,

    /// <summary>Makes a file durable.</summary>
    Flush,

    /// <summary>Deletes a file.</summary>
    Delete,

    /// <summary>Programs erased bytes.</summary>
    Program,

    /// <summary>Erases a page.</summary>
    Erase,
}

/// <summary>An operation that changes a simulated memory.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Place">File, or page.</param>
/// <param name="Offset">First byte in the file, or in the page.</param>
/// <param name="Count">Number of bytes.</param>
public readonly record struct StorageOperation(OperationKind Kind, int Place, int Offset, int Count)
{
    /// <inheritdoc/>
    public override string ToString() => Count > 0 ? $"{Kind} {Place} at {Offset}, {Count} bytes" : $"{Kind} {Place}";
}
