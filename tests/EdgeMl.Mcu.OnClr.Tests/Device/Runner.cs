using System;
using System.Diagnostics;
using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Runtime.Packed;
using EdgeMl.Mcu.Runtime.Typed;

namespace EdgeMl.Mcu.OnClr;

/// <summary>
/// Loads each model that <c>Payload</c> holds, runs it on each of its samples, and prints what came out. Each line begins with a word that the tests know.
/// </summary>
/// <remarks>A sample is all inputs, and a printed output all outputs, as they lie in the arena, one after another.</remarks>
public static class Runner
{
    private const string HexDigits = "0123456789ABCDEF";

    /// <summary>Entry point of the program.</summary>
    public static void Main()
    {
        PackedKernels.Install();
        TypedKernels.Install();
        for (int i = 0; i < Payload.Count; i++)
        {
            Debug.WriteLine("model " + i.ToString());
            Error error = Payload.Load(i, out Model model);
            Debug.WriteLine("load " + ((int)error).ToString());
            if (error == Error.None)
                Run(model, Payload.Samples(i), Payload.CarriesState(i));
        }
        Debug.WriteLine("end");
    }

    private static void Run(Model model, byte[] samples, bool carriesState)
    {
        var interpreter = new Interpreter(model);
        Debug.WriteLine("self-test " + ((int)interpreter.SelfTest()).ToString());
        int position = 0;
        while (position < samples.Length)
        {
            for (int i = 0; i < model.InputCount; i++)
            {
                int start = model.Input(i).ArenaOffset;
                int end = start + model.Input(i).ByteCount;
                for (int x = start; x < end; x++)
                    interpreter.Arena[x] = (sbyte)samples[position++];
            }
            if (!carriesState)
                interpreter.ResetState();
            long begin = DateTime.UtcNow.Ticks;
            interpreter.Invoke();
            long ticks = DateTime.UtcNow.Ticks - begin;
            string output = "";
            for (int i = 0; i < model.OutputCount; i++)
                output += Hex(interpreter.Arena, model.Output(i).ArenaOffset, model.Output(i).ByteCount);
            Debug.WriteLine("output " + output);
            Debug.WriteLine("ticks " + ticks.ToString());
        }
    }

    private static string Hex(sbyte[] arena, int offset, int count)
    {
        var text = new char[2 * count];
        for (int i = 0; i < count; i++)
        {
            text[2 * i] = HexDigits[(arena[offset + i] >> 4) & 15];
            text[(2 * i) + 1] = HexDigits[arena[offset + i] & 15];
        }
        return new string(text);
    }
}
