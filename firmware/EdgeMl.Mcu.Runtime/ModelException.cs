using System;

namespace EdgeMl.Mcu.Runtime;

/// <summary>Thrown for wrong use of the runtime or a model that does not load. <see cref="Interpreter.Invoke"/> throws it only where weights could not be read from a <see cref="ByteSource"/>.</summary>
public sealed class ModelException : Exception
{
    /// <summary>Creates the exception for an error.</summary>
    public ModelException(Error error)
        : base("EdgeMl.Mcu error " + ((int)error).ToString())
    {
        Error = error;
    }

    /// <summary>What went wrong.</summary>
    public Error Error { get; }
}
