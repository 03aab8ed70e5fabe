using System.Diagnostics;
using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Runtime.Native;
using EdgeMl.Mcu.Runtime.Packed;
using EdgeMl.Mcu.Runtime.Typed;

namespace EdgeMl.Mcu.OnClr;

/// <summary>Chooses kernels as an application does at start, and runs the self-test of each model that <c>Payload</c> holds.</summary>
public static class NativeRunner
{
    /// <summary>Entry point of the program.</summary>
    public static void Main()
    {
        PackedKernels.Install();
        TypedKernels.Install();
        Debug.WriteLine(NativeKernels.TryInstall() ? "kernels native" : "kernels managed");
        for (int i = 0; i < Payload.Count; i++)
        {
            Error error = Payload.Load(i, out Model model);
            if (error == Error.None)
                error = new Interpreter(model).SelfTest();
            Debug.WriteLine("self-test " + ((int)error).ToString());
        }
        Debug.WriteLine("end");
    }
}
