using System;
using System.Threading;

namespace EdgeMl.Mcu.Device.Application;

/// <summary>A thread whose end by an exception ends in a restart of the device, and not in a device that does half of its work.</summary>
public sealed class GuardedThread
{
    private readonly BoardPort _board;
    private readonly string _name;
    private readonly ThreadStart _body;

    private GuardedThread(BoardPort board, string name, ThreadStart body)
    {
        _board = board;
        _name = name;
        _body = body;
    }

    /// <summary>Starts a thread.</summary>
    /// <param name="board">Is restarted.</param>
    /// <param name="name">What the thread does, for the log.</param>
    /// <param name="body">Its body.</param>
    public static void Start(BoardPort board, string name, ThreadStart body)
    {
        new Thread(new GuardedThread(board, name, body).Run).Start();
    }

    /// <summary>Runs a body in the calling thread; an exception that leaves it restarts the board.</summary>
    public static void Call(BoardPort board, string name, ThreadStart body)
    {
        new GuardedThread(board, name, body).Run();
    }

    private void Run()
    {
#pragma warning disable CA1031 // What is not expected ends in a restart, whatever it is.
        try
        {
            _body();
        }
        catch (Exception exception)
        {
            try
            {
                // There may be no memory for the line.
                _board.Log(_name + ": " + exception.GetType().Name + ": " + exception.Message + ": restart");
            }
            finally
            {
                _board.Reboot();
            }
        }
#pragma warning restore CA1031
    }
}
