using System;
using System.Diagnostics;
using EdgeMl.Mcu.Agent.Messages;
using EdgeMl.Mcu.Link.Ports;
using EdgeMl.Mcu.Link.Server;
using EdgeMl.Mcu.Runtime.Packed;
using EdgeMl.Mcu.Runtime.Typed;

namespace EdgeMl.Mcu.OnClr;

/// <summary>Gives each stream of bytes that <c>Payload</c> holds to one link server, and prints what the server sends.</summary>
public static class LinkRunner
{
    private static readonly Line Port = new Line();
    private static readonly LinkServer Server = new LinkServer(Port, new FixedBoard(), new LinkLimits());

    /// <summary>Entry point of the program.</summary>
    public static void Main()
    {
        PackedKernels.Install();
        TypedKernels.Install();
        for (int i = 0; i < Payload.Count; i++)
        {
            Open(i);
            Serve();
            Debug.WriteLine("sent " + Sent());
        }
        Debug.WriteLine("end");
    }

    /// <summary>Puts a stream on the line.</summary>
    public static void Open(int index)
    {
        Port.Arriving = Payload.File(index);
        Port.Place = 0;
        Port.SentCount = 0;
    }

    /// <summary>Serves until nothing is left on the line.</summary>
    public static void Serve()
    {
        while (Server.Step())
        {
        }
    }

    /// <summary>What was sent, in hexadecimal digits.</summary>
    public static string Sent()
    {
        return DeviceTopics.Hex(Port.Leaving, 0, Port.SentCount);
    }

    private sealed class Line : LinkPort
    {
        public byte[] Arriving;
        public int Place;
        public readonly byte[] Leaving = new byte[16 * 1024];
        public int SentCount;

        public override int Read(byte[] buffer, int offset, int count)
        {
            int rest = Arriving.Length - Place;
            int taken = rest < count ? rest : count;
            Array.Copy(Arriving, Place, buffer, offset, taken);
            Place += taken;
            return taken;
        }

        public override bool Write(byte[] buffer, int offset, int count)
        {
            Array.Copy(buffer, offset, Leaving, SentCount, count);
            SentCount += count;
            return true;
        }
    }

    /// <summary>A board whose time goes on by one with each look.</summary>
    private sealed class FixedBoard : LinkBoard
    {
        private long _time;

        public override string Board => "nanoclr";

        public override string Firmware => "1";

        public override string Device => "";

        public override int StartId => 12345;

        public override long Microseconds => ++_time;

        public override int TimerStepNanoseconds => 1000;

        public override int TotalMemoryBytes => Unknown;

        public override int FreeMemoryBytes => Unknown;

        public override int LargestFreeBlockBytes => Unknown;

        public override int GarbageCollections => Unknown;

        public override LinkFiles Files => null;

        public override bool CanReboot => false;

        public override void CollectGarbage()
        {
        }

        public override void Reboot()
        {
        }
    }
}
