using System;
using EdgeMl.Mcu.Agent.Manifests;
using EdgeMl.Mcu.Agent.Storage;
using EdgeMl.Mcu.Runtime;

namespace EdgeMl.Mcu.Agent.Models;

/// <summary>The model that runs: loads it from its slot, whole or paged, decrypted where it is encrypted. At most one model is in RAM.</summary>
public sealed class ModelHost
{
    private readonly AgentSettings _settings;
    private readonly FileStore _store;
    private readonly ModelKeys _keys;

    /// <summary>Creates a host without a model.</summary>
    public ModelHost(AgentSettings settings, FileStore store, ModelKeys keys)
    {
        _settings = settings;
        _store = store;
        _keys = keys;
    }

    /// <summary>Runs the model; null where there is none.</summary>
    public Interpreter Interpreter { get; private set; }

    /// <summary>Gives up the model and its memory.</summary>
    public void Unload()
    {
        Interpreter = null;
    }

    /// <summary>Loads a slot's model in place of the present one.</summary>
    /// <param name="slot">A or B, whole.</param>
    /// <param name="manifest">Its manifest.</param>
    /// <param name="wrappedKey">Its wrapped key; null where it has none.</param>
    /// <returns>Number of a <see cref="Error"/> or an <see cref="AgentError"/>, 0 where it runs.</returns>
    public int Load(Slot slot, Manifest manifest, byte[] wrappedKey)
    {
        Unload();
        try
        {
            ByteSource source = new FileSource(_store, Slots.ModelFile(slot));
            if (manifest.IsEncrypted)
                source = wrappedKey == null ? null : _keys.Open(source, manifest, wrappedKey);
            if (source == null)
                return (int)(wrappedKey == null ? AgentError.KeyMissing : AgentError.KeyUnwrap);
            Error error = Open(source, out Model model);
            if (error != Error.None)
                return (int)error;
            AgentError fit = CheckFit(model, manifest);
            if (fit != AgentError.None)
                return (int)fit;
            Interpreter = new Interpreter(model);
            return 0;
        }
        catch (ModelException exception)
        {
            return (int)exception.Error;
        }
        catch (OutOfMemoryException)
        {
            return (int)AgentError.OutOfMemory;
        }
    }

    /// <summary>Runs the self-test of the model that was loaded.</summary>
    /// <returns><see cref="AgentError.SelfTest"/>, <see cref="AgentError.SelfTestMissing"/>, <see cref="AgentError.Storage"/>, or <see cref="AgentError.None"/>.</returns>
    public AgentError SelfTest()
    {
        try
        {
            Error error = Interpreter.SelfTest();
            return error == Error.None ? AgentError.None : error == Error.NoSelfTest ? AgentError.SelfTestMissing : AgentError.SelfTest;
        }
        catch (ModelException)
        {
            return AgentError.Storage;
        }
    }

    private Error Open(ByteSource source, out Model model)
    {
        if (_settings.PageBytesMax > 0)
            return Model.TryLoad(source, _settings.PageBytesMax, out model);
        byte[] file = new byte[source.Length];
        model = null;
        return source.Read(0, file, 0, file.Length) ? Model.TryLoad(file, out model) : Error.SourceFailed;
    }

    /// <summary>Whether the model is as its manifest says; the device was asked about that one.</summary>
    private static AgentError CheckFit(Model model, Manifest manifest)
    {
        if (model.ArenaBytes + model.ScratchBytes + model.PackedBytes > manifest.RamBytes)
            return AgentError.Ram;
        if (model.InputCount != manifest.Inputs.Length || model.OutputCount != manifest.Outputs.Length)
            return AgentError.Shapes;
        for (int i = 0; i < model.InputCount; i++)
        {
            if (!ManifestTensor.Of(model.Input(i)).IsSameAs(manifest.Inputs[i]))
                return AgentError.Shapes;
        }
        for (int i = 0; i < model.OutputCount; i++)
        {
            if (!ManifestTensor.Of(model.Output(i)).IsSameAs(manifest.Outputs[i]))
                return AgentError.Shapes;
        }
        return AgentError.None;
    }
}
