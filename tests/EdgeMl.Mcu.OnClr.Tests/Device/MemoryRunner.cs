using System.Diagnostics;
using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Runtime.Packed;
using EdgeMl.Mcu.Runtime.Typed;
using nanoFramework.Runtime.Native;

namespace EdgeMl.Mcu.OnClr;

/// <summary>Loads each model that <c>Payload</c> holds and prints the bytes of the managed heap that its file and its interpreter take.</summary>
public static class MemoryRunner
{
    // What is printed must not be garbage before it is measured.
    private static byte[] _file;
    private static Interpreter _interpreter;

    /// <summary>Entry point of the program.</summary>
    public static void Main()
    {
        PackedKernels.Install();
        TypedKernels.Install();
        for (int i = 0; i < Payload.Count; i++)
        {
            _file = null;
            _interpreter = null;
            uint free = GC.Run(true);
            _file = Payload.File(i);
            uint withFile = GC.Run(true);
            _interpreter = new Interpreter(Model.Load(_file));
            uint withInterpreter = GC.Run(true);
            _interpreter.Invoke();
            uint afterInvoke = GC.Run(true);
            Debug.WriteLine("heap " + (free - withFile).ToString() + " " + (withFile - withInterpreter).ToString() + " " + (withInterpreter - afterInvoke).ToString());
        }
        Debug.WriteLine("end");
    }
}
