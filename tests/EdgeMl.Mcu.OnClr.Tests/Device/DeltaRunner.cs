using System.Diagnostics;
using EdgeMl.Mcu.Agent;
using EdgeMl.Mcu.Agent.Delta;
using EdgeMl.Mcu.Runtime.Format;

namespace EdgeMl.Mcu.OnClr;

/// <summary>Applies each delta that <c>Payload</c> holds to its base, and prints the error, the number of bytes and their checksum.</summary>
public static class DeltaRunner
{
    private const int BlockBytes = 1000;

    /// <summary>Entry point of the program.</summary>
    public static void Main()
    {
        var decoder = new DeltaDecoder();
        var block = new byte[BlockBytes];
        for (int i = 0; i < Payload.Count; i++)
        {
            decoder.Open(new MemorySource(Payload.File(i)), new MemorySource(Payload.Samples(i)));
            uint checksum = 0;
            while (decoder.Error == DeltaError.None && decoder.Position < decoder.TargetLength)
            {
                int rest = decoder.TargetLength - decoder.Position;
                int count = rest < BlockBytes ? rest : BlockBytes;
                if (decoder.Next(block, count))
                    checksum = Crc32.Append(checksum, block, 0, count);
            }
            Debug.WriteLine("delta " + ((int)decoder.Error).ToString() + " " + decoder.Position.ToString() + " " + ((int)checksum).ToString());
        }
        Debug.WriteLine("end");
    }
}
