namespace EdgeMl.Mcu.Runtime;

/// <summary>Why a model does not load or run. One byte on the wire and in logs; a value is never reused.</summary>
public enum Error : byte
{
    /// <summary>No error.</summary>
    None = 0,

    /// <summary>The data is shorter than its header says, or too short for a header.</summary>
    Truncated = 1,

    /// <summary>The data does not begin with the magic of a model file.</summary>
    NotAModel = 2,

    /// <summary>The file's format version is not the one that this runtime reads.</summary>
    FormatVersion = 3,

    /// <summary>The model needs a newer runtime than this one.</summary>
    RuntimeTooOld = 4,

    /// <summary>The data is longer than its header says.</summary>
    TrailingData = 5,

    /// <summary>The checksum does not match: the data is corrupt.</summary>
    Checksum = 6,

    /// <summary>A header field is out of its range.</summary>
    BadHeader = 7,

    /// <summary>An input or output record is out of its range.</summary>
    BadTensor = 8,

    /// <summary>
    /// A layer names a kernel that this runtime does not have. On the device it may be one of an optional assembly, EdgeMl.Mcu.Runtime.Packed or EdgeMl.Mcu.Runtime.Typed, that the
    /// application has not installed: <c>edgeml plan</c> names the assemblies that a model needs.
    /// </summary>
    UnknownKernel = 9,

    /// <summary>A layer's parameters are out of range or reach outside the arena or the weights.</summary>
    BadLayer = 10,

    /// <summary>A name or label is malformed.</summary>
    BadString = 11,

    /// <summary>The self-test record is malformed.</summary>
    BadSelfTest = 12,

    /// <summary>The arena given is smaller than the model needs.</summary>
    ArenaTooSmall = 13,

    /// <summary>The self-test ran and gave other outputs than those recorded in the model.</summary>
    SelfTestFailed = 14,

    /// <summary>There is no input or output of that index.</summary>
    NoSuchTensor = 15,

    /// <summary>An array does not have the tensor's number of elements.</summary>
    WrongLength = 16,

    /// <summary>The model has no self-test record.</summary>
    NoSelfTest = 17,

    /// <summary>An array's elements are not of the tensor's type.</summary>
    WrongType = 18,

    /// <summary>The byte source of the model could not be read.</summary>
    SourceFailed = 19,

    /// <summary>The weights of one layer take more than the page may.</summary>
    PageTooSmall = 20,
}
