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

    /// <summary>Which model runs that is in no slot.</summary>
    public LocalModel Local { get; private set; }

    /// <summary>Gives up the model and its memory.</summary>
    public void Unload()
    {
        Interpreter = null;
        Local = LocalModel.None;
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
            return Load(source, manifest.RamBytes, manifest.Inputs, manifest.Outputs);
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

    /// <summary>Loads a model that came with the application in place of the present one.</summary>
    /// <param name="kind">Factory or economy.</param>
    /// <param name="source">The model file.</param>
    /// <returns>Number of a <see cref="Error"/> or an <see cref="AgentError"/>, 0 where it runs.</returns>
    public int Load(LocalModel kind, ByteSource source)
    {
        Unload();
        try
        {
            int error = Load(source, _settings.ModelRamBytes, _settings.Inputs, _settings.Outputs);
            Local = error == 0 ? kind : LocalModel.None;
            return error;
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

    private int Load(ByteSource source, int ramBytes, ManifestTensor[] inputs, ManifestTensor[] outputs)
    {
        Error error = Open(source, out Model model);
        if (error != Error.None)
            return (int)error;
        if (model.ArenaBytes + model.ScratchBytes + model.PackedBytes > ramBytes)
            return (int)AgentError.Ram;
        if (!HasInputs(model, inputs) || !HasOutputs(model, outputs))
            return (int)AgentError.Shapes;
        Interpreter = new Interpreter(model);
        return 0;
    }

    private Error Open(ByteSource source, out Model model)
    {
        if (_settings.PageBytesMax > 0)
            return Model.TryLoad(source, _settings.PageBytesMax, out model);
        byte[] file = new byte[source.Length];
        model = null;
        return source.Read(0, file, 0, file.Length) ? Model.TryLoad(file, out model) : Error.SourceFailed;
    }

    /// <summary>Whether a model has the inputs of a manifest or of the settings; null stands for any.</summary>
    private static bool HasInputs(Model model, ManifestTensor[] inputs)
    {
        if (inputs == null)
            return true;
        bool isSame = model.InputCount == inputs.Length;
        for (int i = 0; i < inputs.Length && isSame; i++)
            isSame = ManifestTensor.Of(model.Input(i)).IsSameAs(inputs[i]);
        return isSame;
    }

    private static bool HasOutputs(Model model, ManifestTensor[] outputs)
    {
        if (outputs == null)
            return true;
        bool isSame = model.OutputCount == outputs.Length;
        for (int i = 0; i < outputs.Length && isSame; i++)
            isSame = ManifestTensor.Of(model.Output(i)).IsSameAs(outputs[i]);
        return isSame;
    }
}
