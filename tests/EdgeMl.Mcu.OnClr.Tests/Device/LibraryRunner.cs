using System;
using System.Diagnostics;
using System.IO;
using System.Threading;
using nanoFramework.M2Mqtt.Messages;
using nanoFramework.Runtime.Native;

/// <summary>Uses libraries that need nothing but an interpreter, and prints what comes back.</summary>
public static class LibraryRunner
{
    public static void Main()
    {
        Debug.WriteLine("sqrt " + (int)Math.Sqrt(1764.0));
        var source = new CancellationTokenSource();
        CancellationToken token = source.Token;
        source.Cancel();
        Debug.WriteLine("cancelled " + token.IsCancellationRequested);
        var message = new MqttMsgPublishEventArgs("a/b", new byte[] { 1, 2, 3 }, true, MqttQoSLevel.AtLeastOnce, false);
        Debug.WriteLine("message " + message.Topic + " " + message.Message.Length + " " + (int)message.QosLevel + " " + message.DupFlag);
        var stream = new MemoryStream();
        stream.Write(new byte[] { 7, 8, 9 }, 0, 3);
        stream.Seek(-1, SeekOrigin.Current);
        Debug.WriteLine("stream " + stream.Length + " " + stream.ReadByte());
        Debug.WriteLine("free " + (nanoFramework.Runtime.Native.GC.Run(true) > 0));
        Debug.WriteLine("version " + SystemInfo.Version.Major);
        Debug.WriteLine("end");
    }
}
