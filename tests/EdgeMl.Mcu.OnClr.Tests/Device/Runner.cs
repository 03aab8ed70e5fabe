using System;
using System.Diagnostics;
using EdgeMl.Mcu.Runtime;

namespace EdgeMl.Mcu.OnClr;

/// <summary>
/// Loads the model that <c>Payload</c> holds, runs it on each sample, and prints what came out. Each line begins with a word that the tests know.
/// </summary>
public static class Runner
{
    private const string HexDigits = "0123456789ABCDEF";

    /// <summary>Entry point of the program.</summary>
    public static void Main()
    {
        byte[] file = Payload.Model();
        Error error = Model.TryLoad(file, out Model model);
        Debug.WriteLine("load " + ((int)error).ToString());
        if (error == Error.None)
            Run(model, Payload.Samples());
        Debug.WriteLine("end");
    }

    private static void Run(Model model, byte[] samples)
    {
        var interpreter = new Interpreter(model);
        Debug.WriteLine("self-test " + ((int)interpreter.SelfTest()).ToString());
        var input = new sbyte[model.Input(0).Count];
        var output = new sbyte[model.Output(0).Count];
        for (int start = 0; start < samples.Length; start += input.Length)
        {
            for (int i = 0; i < input.Length; i++)
                input[i] = (sbyte)samples[start + i];
            interpreter.SetInput(0, input);
            long begin = DateTime.UtcNow.Ticks;
            interpreter.Invoke();
            long ticks = DateTime.UtcNow.Ticks - begin;
            interpreter.GetOutput(0, output);
            Debug.WriteLine("output " + Hex(output));
            Debug.WriteLine("ticks " + ticks.ToString());
        }
    }

    private static string Hex(sbyte[] values)
    {
        var text = new char[2 * values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            text[2 * i] = HexDigits[(values[i] >> 4) & 15];
            text[(2 * i) + 1] = HexDigits[values[i] & 15];
        }
        return new string(text);
    }
}
