using System;
using System.Diagnostics;
using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Runtime.Packed;
using EdgeMl.Mcu.Runtime.Typed;

namespace EdgeMl.Mcu.OnClr;

/// <summary>
/// Runs each model that <c>Payload</c> holds layer by layer on the inputs of its self-test: once with a line before and after each layer, which a counting
/// interpreter begins with the instructions so far, and then several times with each layer's time.
/// </summary>
public static class LayerRunner
{
    private const uint Seed = 0x454D4C4D;
    private const int Rounds = 5;

    /// <summary>Entry point of the program.</summary>
    public static void Main()
    {
        PackedKernels.Install();
        TypedKernels.Install();
        Calibrate(new Probe());
        for (int i = 0; i < Payload.Count; i++)
        {
            Debug.WriteLine("model " + i.ToString());
            Payload.Load(i, out Model model);
            var interpreter = new Interpreter(model);
            Prepare(interpreter);
            Count(interpreter);
            for (int round = 0; round < Rounds; round++)
            {
                Prepare(interpreter);
                Time(interpreter);
            }
        }
        Debug.WriteLine("end");
    }

    /// <summary>What two marks and a call count themselves: the method in between executes two instructions.</summary>
    private static void Calibrate(Probe probe)
    {
        Debug.WriteLine("mark");
        probe.Step();
        Debug.WriteLine("mark");
    }

    private static void Prepare(Interpreter interpreter)
    {
        Model model = interpreter.Model;
        uint seed = Seed;
        interpreter.ResetState();
        for (int i = 0; i < model.InputCount; i++)
            seed = SelfTestVector.Fill(interpreter.Arena, model.Input(i).ArenaOffset, model.Input(i).ByteCount, seed);
        interpreter.Restart();
    }

    private static void Count(Interpreter interpreter)
    {
        for (int i = interpreter.Model.LayerCount; i > 0; i--)
        {
            Debug.WriteLine("mark");
            interpreter.Step();
            Debug.WriteLine("mark");
        }
    }

    private static void Time(Interpreter interpreter)
    {
        for (int i = 0; i < interpreter.Model.LayerCount; i++)
        {
            long begin = DateTime.UtcNow.Ticks;
            interpreter.Step();
            long ticks = DateTime.UtcNow.Ticks - begin;
            Debug.WriteLine("ticks " + i.ToString() + " " + ticks.ToString());
        }
    }

    private sealed class Probe
    {
        public bool Step() => false;
    }
}
