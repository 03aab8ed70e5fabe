using System.Diagnostics;
using EdgeMl.Mcu.Runtime;

namespace EdgeMl.Mcu.OnClr;

/// <summary>Installs the optional kernels that <c>Kernels</c> chooses, and loads each model that <c>Payload</c> holds and runs its self-test.</summary>
public static class KernelRunner
{
    /// <summary>Entry point of the program.</summary>
    public static void Main()
    {
        Kernels.Install();
        for (int i = 0; i < Payload.Count; i++)
        {
            Error error = Payload.Load(i, out Model model);
            Debug.WriteLine("load " + ((int)error).ToString());
            if (error == Error.None)
                Debug.WriteLine("self-test " + ((int)new Interpreter(model).SelfTest()).ToString());
        }
        Debug.WriteLine("end");
    }
}
