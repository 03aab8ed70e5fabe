namespace EdgeMl.Mcu.Metering;

/// <summary>What an instruction does, as far as its cost on the device depends on it.</summary>
public enum OpcodeClass
{
    /// <summary>Loads, stores and addresses of locals and arguments.</summary>
    Local,

    /// <summary>Numbers, strings, null and tokens.</summary>
    Constant,

    /// <summary>Arithmetic, logic and shifts.</summary>
    Arithmetic,

    /// <summary>Comparisons that push their result; those of a conditional branch belong to it.</summary>
    Comparison,

    /// <summary>Conversions between numeric types.</summary>
    Conversion,

    /// <summary>Branches and switches.</summary>
    Branch,

    /// <summary>Elements and lengths of arrays.</summary>
    Array,

    /// <summary>Instance and static fields.</summary>
    Field,

    /// <summary>Loads and stores through references, and of whole structures.</summary>
    Indirect,

    /// <summary>Calls and returns.</summary>
    Call,

    /// <summary>New objects, arrays and boxes.</summary>
    Allocation,

    /// <summary>Type checks and casts.</summary>
    Cast,

    /// <summary>Throwing, and leaving protected regions.</summary>
    Exception,

    /// <summary>Stack moves, prefixes and <c>nop</c>.</summary>
    Stack,

    /// <summary>Instructions inside methods of the class library, where they are known; see <see cref="Costs.LibraryCosts"/>.</summary>
    Library,
}
