using System;
using EdgeMl.Mcu.Link.Ports;
using EdgeMl.Mcu.Runtime;

namespace EdgeMl.Mcu.Link.Server;

/// <summary>
/// The model that the link runs: one that was put by the link and lives in RAM of its own, or the agent's. Its inputs and outputs lie here between requests, because the arena is
/// reused while a model runs. Memory is taken when a model is loaded or selected.
/// </summary>
internal sealed class InferenceSession
{
    private readonly LinkBoard _board;
    private Interpreter _own;
    private byte[] _inputs;
    private byte[] _outputs;
    private int[] _layerTimes;

    internal InferenceSession(LinkBoard board)
    {
        _board = board;
    }

    /// <summary>Runs the selected model; null where none is.</summary>
    internal Interpreter Interpreter { get; private set; }

    /// <summary>Whether the selected model is the agent's.</summary>
    internal bool IsAgents => Interpreter != null && Interpreter != _own;

    /// <summary>The file of the link's own model; null where there is none.</summary>
    internal byte[] File { get; private set; }

    /// <summary>All inputs in the model's order, one after another.</summary>
    internal byte[] Inputs => _inputs;

    /// <summary>All outputs in the model's order, one after another.</summary>
    internal byte[] Outputs => _outputs;

    /// <summary>Microseconds of each layer at the last run by layers.</summary>
    internal int[] LayerTimes => _layerTimes;

    /// <summary>Microseconds of the last run.</summary>
    internal long Time { get; private set; }

    /// <summary>Gives up the link's own model.</summary>
    internal void Unload()
    {
        if (!IsAgents)
            Deselect();
        _own = null;
        File = null;
    }

    /// <summary>Loads a model in place of the link's own one, and selects it.</summary>
    /// <param name="file">The bytes of its file, which belong to the session from now on.</param>
    /// <returns>Number of a <see cref="Error"/> or <see cref="LinkError"/>, 0 where it is loaded.</returns>
    internal int Load(byte[] file)
    {
        Unload();
        Deselect();
        try
        {
            Error error = Model.TryLoad(file, out Model model);
            if (error != Error.None)
                return (int)error;
            _own = new Interpreter(model);
            File = file;
        }
        catch (ModelException exception)
        {
            return (int)exception.Error;
        }
        catch (OutOfMemoryException)
        {
            return (int)LinkError.OutOfMemory;
        }
        return (int)SelectOwn();
    }

    /// <summary>Selects the link's own model.</summary>
    internal LinkError SelectOwn()
    {
        return Select(_own);
    }

    /// <summary>Selects the model that the agent runs.</summary>
    /// <param name="interpreter">Runs it; null where the agent has none.</param>
    internal LinkError SelectAgents(Interpreter interpreter)
    {
        return Select(interpreter);
    }

    /// <summary>Runs the model on the inputs and keeps its outputs.</summary>
    /// <param name="keepState">Whether recurrent layers remember the last run.</param>
    /// <param name="byLayer">Whether each layer is timed.</param>
    /// <returns>Number of a <see cref="Error"/>, 0 where it ran.</returns>
    internal int Run(bool keepState, bool byLayer)
    {
        Interpreter interpreter = Interpreter;
        Model model = interpreter.Model;
        if (!keepState)
            interpreter.ResetState();
        int from = 0;
        for (int i = 0; i < model.InputCount; i++)
            from = CopyIn(model.Input(i), interpreter.Arena, from);
        try
        {
            _board.OnTiming(interpreter, byLayer);
            Time = byLayer ? TimeLayers(interpreter) : TimeWhole(interpreter);
        }
        catch (ModelException exception)
        {
            return (int)exception.Error;
        }
        int to = 0;
        for (int i = 0; i < model.OutputCount; i++)
            to = CopyOut(model.Output(i), interpreter.Arena, to);
        if (IsAgents && !keepState)
            interpreter.ResetState();
        return 0;
    }

    /// <summary>Runs the model's self-test.</summary>
    internal Error SelfTest()
    {
        try
        {
            return Interpreter.SelfTest();
        }
        catch (ModelException exception)
        {
            return exception.Error;
        }
    }

    private long TimeWhole(Interpreter interpreter)
    {
        long begin = _board.Microseconds;
        interpreter.Invoke();
        return _board.Microseconds - begin;
    }

    private long TimeLayers(Interpreter interpreter)
    {
        interpreter.Restart();
        long begin = _board.Microseconds;
        long last = begin;
        int layer = 0;
        while (interpreter.Step())
        {
            long now = _board.Microseconds;
            _layerTimes[layer++] = (int)(now - last);
            last = now;
        }
        return last - begin;
    }

    private LinkError Select(Interpreter interpreter)
    {
        if (interpreter == null)
            return LinkError.NoModel;
        if (interpreter == Interpreter)
            return LinkError.None;
        Deselect();
        Model model = interpreter.Model;
        int inputs = 0;
        int outputs = 0;
        for (int i = 0; i < model.InputCount; i++)
            inputs += model.Input(i).ByteCount;
        for (int i = 0; i < model.OutputCount; i++)
            outputs += model.Output(i).ByteCount;
        try
        {
            _inputs = new byte[inputs];
            _outputs = new byte[outputs];
            _layerTimes = new int[model.LayerCount];
        }
        catch (OutOfMemoryException)
        {
            Deselect();
            return LinkError.OutOfMemory;
        }
        Interpreter = interpreter;
        return LinkError.None;
    }

    private void Deselect()
    {
        Interpreter = null;
        _inputs = null;
        _outputs = null;
        _layerTimes = null;
    }

    private int CopyIn(TensorInfo input, sbyte[] arena, int from)
    {
        byte[] inputs = _inputs;
        int end = input.ArenaOffset + input.ByteCount;
        for (int i = input.ArenaOffset; i < end; i++)
            arena[i] = (sbyte)inputs[from++];
        return from;
    }

    private int CopyOut(TensorInfo output, sbyte[] arena, int to)
    {
        byte[] outputs = _outputs;
        int end = output.ArenaOffset + output.ByteCount;
        for (int i = output.ArenaOffset; i < end; i++)
            outputs[to++] = (byte)arena[i];
        return to;
    }
}
