using System.Threading;
using EdgeMl.Mcu.Device.Application;
using EdgeMl.Mcu.Runtime.Packed;
using EdgeMl.Mcu.Runtime.Typed;

namespace EdgeMl.Mcu.Device.Hardware.Common;

/// <summary>What the programs of all boards do.</summary>
public static class DeviceProgram
{
    /// <summary>Runs the application on a board: the loop in this thread, the network and the guard of the loop in others. It does not return; whatever ends a thread restarts the board.</summary>
    public static void Run(BoardPort board)
    {
        GuardedThread.Call(board, "main loop", () => Loop(board));
    }

    private static void Loop(BoardPort board)
    {
        PackedKernels.Install();
        TypedKernels.Install();
        var application = new DeviceApplication(board, new AutoResetEvent(false), new AutoResetEvent(false));
        application.Start();
        GuardedThread.Start(board, "guard", application.Guard.Run);
        if (application.Link != null)
            GuardedThread.Start(board, "network", application.Link.Run);
        application.Run();
    }
}
