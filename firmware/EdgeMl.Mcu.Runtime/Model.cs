using System;
using EdgeMl.Mcu.Runtime.Format;
using H = EdgeMl.Mcu.Runtime.Format.ModelFormat.Header;
using L = EdgeMl.Mcu.Runtime.Format.ModelFormat.LayerRecord;

namespace EdgeMl.Mcu.Runtime;

/// <summary>
/// A loaded model. It is a view on the bytes of its file, which must not change while the model is in use. Of a file that is read from a <see cref="ByteSource"/>,
/// all but the weights is in RAM, and one page that holds the weights of one layer at a time.
/// </summary>
public sealed class Model
{
    private readonly byte[] _data;
    private readonly TensorInfo[] _inputs;
    private readonly TensorInfo[] _outputs;
    private readonly Kernel[] _compiled;

    private Model(byte[] data, WeightMemory weights, Kernel[] compiled)
    {
        _data = data;
        Weights = weights;
        _compiled = compiled;
        _inputs = new TensorInfo[data[H.InputCountOffset]];
        _outputs = new TensorInfo[data[H.OutputCountOffset]];
        int record = H.Size;
        for (int i = 0; i < _inputs.Length; i++, record += ModelFormat.TensorRecord.Size)
            _inputs[i] = new TensorInfo(data, record);
        for (int i = 0; i < _outputs.Length; i++, record += ModelFormat.TensorRecord.Size)
            _outputs[i] = new TensorInfo(data, record);
    }

    /// <summary>Bytes of activations, recurrent state included.</summary>
    public int ArenaBytes => Int(H.ArenaOffset);

    /// <summary>Bytes that kernels need for 64-bit words, a multiple of 8.</summary>
    public int LaneBytes => Int(H.LanesOffset);

    /// <summary>Bytes that kernels need after the activations, in the same array.</summary>
    public int StripBytes => Int(H.StripOffset);

    /// <summary>Bytes that kernels need for one row of weights.</summary>
    public int RowBytes { get; private set; }

    /// <summary>All that kernels need beside the activations: <see cref="LaneBytes"/>, <see cref="StripBytes"/> and <see cref="RowBytes"/>.</summary>
    public int ScratchBytes => LaneBytes + StripBytes + RowBytes;

    /// <summary>Bytes of weights that an interpreter packs in RAM of its own, beside the file's.</summary>
    public int PackedBytes { get; private set; }

    /// <summary>Number of layers.</summary>
    public int LayerCount => BitConverter.ToUInt16(_data, H.LayerCountOffset);

    /// <summary>Number of inputs.</summary>
    public int InputCount => _inputs.Length;

    /// <summary>Number of outputs.</summary>
    public int OutputCount => _outputs.Length;

    /// <summary>The model's name, or an empty string.</summary>
    public string Name => ModelString.Read(_data, Int(H.NameOffset));

    /// <summary>Whether the file holds a self-test.</summary>
    public bool HasSelfTest => Int(H.SelfTestOffset) != 0;

    /// <summary>Bytes of the page that holds one layer's weights at a time; 0 where the whole file is in RAM.</summary>
    public int PageBytes => Weights.PageBytes;

    /// <summary>Bytes of the file that are in RAM, the page apart.</summary>
    public int ResidentBytes => _data.Length;

    /// <summary>The file, or all before its weights.</summary>
    internal byte[] Data => _data;

    /// <summary>The weights.</summary>
    internal WeightMemory Weights { get; }

    /// <summary>File offset of the first layer record.</summary>
    internal int LayersOffset => Int(H.LayersOffset);

    private int WeightsOffset => Int(H.WeightsOffset);

    /// <summary>File offset of the self-test record, 0 for none.</summary>
    internal int SelfTestOffset => Int(H.SelfTestOffset);

    /// <summary>Loads a model from the bytes of its file, checking all of it.</summary>
    /// <exception cref="ModelException">The bytes are no model that this runtime can run; see <see cref="ModelException.Error"/>.</exception>
    public static Model Load(byte[] data)
    {
        return Load(data, null);
    }

    /// <summary>Loads a model some layers of which are compiled: their opcodes count from <see cref="ModelFormat.FirstCompiledOpCode"/> and name kernels that come with the model.</summary>
    /// <param name="data">The bytes of its file.</param>
    /// <param name="compiled">The kernels of the compiled layers, or null for none.</param>
    /// <exception cref="ModelException">The bytes are no model that this runtime can run; see <see cref="ModelException.Error"/>.</exception>
    public static Model Load(byte[] data, Kernel[] compiled)
    {
        Error error = TryLoad(data, compiled, out Model model);
        if (error != Error.None)
            throw new ModelException(error);
        return model;
    }

    /// <summary>Loads a model without an exception. The model is null unless the result is <see cref="Error.None"/>.</summary>
    public static Error TryLoad(byte[] data, out Model model)
    {
        return TryLoad(data, null, out model);
    }

    /// <summary>As <see cref="Load(byte[], Kernel[])"/>, without an exception.</summary>
    public static Error TryLoad(byte[] data, Kernel[] compiled, out Model model)
    {
        model = null;
        Error error = ModelHeader.Validate(data, data == null ? 0 : data.Length);
        if (error != Error.None)
            return error;
        int end = data.Length - 4;
        if (Crc32.Compute(data, 0, end) != (uint)BitConverter.ToInt32(data, end))
            return Error.Checksum;
        error = ModelHeader.ValidateLayout(data);
        return error == Error.None ? Validate(new Model(data, new WeightMemory(data, BitConverter.ToInt32(data, H.WeightsOffset)), compiled), out model) : error;
    }

    /// <summary>
    /// Loads a model whose weights stay where they are and are read layer by layer, checking all of it. The page takes the largest layer's weights.
    /// </summary>
    /// <param name="source">The whole file, which must not change while the model is in use.</param>
    /// <param name="pageBytesMax">Largest page.</param>
    /// <param name="model">The model, null unless the result is <see cref="Error.None"/>. Interpreters of one paged model share its page: use them from one thread.</param>
    /// <returns>An error as for a file in RAM, <see cref="Error.SourceFailed"/> or <see cref="Error.PageTooSmall"/>.</returns>
    public static Error TryLoad(ByteSource source, int pageBytesMax, out Model model)
    {
        model = null;
        Error error = PagedModel.Open(source, pageBytesMax, out byte[] head, out byte[] page);
        return error == Error.None ? Validate(new Model(head, new WeightMemory(source, head.Length, page), null), out model) : error;
    }

    private static Error Validate(Model candidate, out Model model)
    {
        Error error = candidate.ValidateTensors();
        if (error == Error.None)
            error = candidate.ValidateLayers();
        if (error == Error.None)
            error = candidate.ValidateSelfTest();
        model = error == Error.None ? candidate : null;
        return error;
    }

    /// <summary>Input at an index.</summary>
    /// <exception cref="ModelException"><see cref="Error.NoSuchTensor"/></exception>
    public TensorInfo Input(int index)
    {
        if (index < 0 || index >= _inputs.Length)
            throw new ModelException(Error.NoSuchTensor);
        return _inputs[index];
    }

    /// <summary>Output at an index.</summary>
    /// <exception cref="ModelException"><see cref="Error.NoSuchTensor"/></exception>
    public TensorInfo Output(int index)
    {
        if (index < 0 || index >= _outputs.Length)
            throw new ModelException(Error.NoSuchTensor);
        return _outputs[index];
    }

    /// <summary>Name of a layer, or an empty string where the file holds none.</summary>
    public string LayerName(int index)
    {
        int table = Int(H.LayerNamesOffset);
        return table == 0 || index < 0 || index >= LayerCount ? "" : ModelString.Read(_data, Int(table + (index << 2)));
    }

    private Error ValidateTensors()
    {
        int end = WeightsOffset;
        for (int i = 0; i < _inputs.Length; i++)
        {
            Error error = _inputs[i].Validate(ArenaBytes, end);
            if (error != Error.None)
                return error;
            TensorEdge edge = _inputs[i].Edge;
            if (edge == TensorEdge.FloatCeiling ? _inputs[i].ElementType != TensorType.Int8 : edge > TensorEdge.Float || (edge == TensorEdge.Float && !_inputs[i].TakesReals))
                return Error.BadTensor;
        }
        for (int i = 0; i < _outputs.Length; i++)
        {
            Error error = _outputs[i].Validate(ArenaBytes, end);
            if (error != Error.None)
                return error;
            if (_outputs[i].Edge == TensorEdge.FloatCeiling)
                return Error.BadTensor;
        }
        return Error.None;
    }

    private Error ValidateLayers()
    {
        int end = WeightsOffset;
        int weightsLength = Int(H.WeightsLengthOffset);
        int names = Int(H.LayerNamesOffset);
        if (!ModelString.IsValid(_data, Int(H.NameOffset), 1, end))
            return Error.BadString;
        if (names != 0 && (names < H.Size || names > end - (LayerCount << 2)))
            return Error.BadString;
        var reader = new LayerReader(_data, ArenaBytes, LaneBytes >> 3, StripBytes, Weights);
        int record = LayersOffset;
        for (int i = 0; i < LayerCount; i++)
        {
            if (record > end - L.Size)
                return Error.BadLayer;
            Kernel kernel = KernelOf(BitConverter.ToUInt16(_data, record + L.OpCodeOffset));
            if (kernel == null)
                return Error.UnknownKernel;
            int next = NextLayer(record);
            int layerWeights = BitConverter.ToInt32(_data, record + L.WeightsOffset);
            int layerWeightsLength = BitConverter.ToInt32(_data, record + L.WeightsLengthOffset);
            if (next > end || BitConverter.ToUInt16(_data, record + L.ParameterCountOffset) != kernel.ParameterCount
                || layerWeights < 0 || layerWeightsLength < 0 || layerWeights > weightsLength - layerWeightsLength)
                return Error.BadLayer;
            reader.MoveTo(record);
            kernel.Validate(reader);
            if (reader.Failed)
                return reader.SourceFailed ? Error.SourceFailed : Error.BadLayer;
            if (names != 0 && !ModelString.IsValid(_data, Int(names + (i << 2)), 1, end))
                return Error.BadString;
            record = next;
        }
        RowBytes = reader.RowBytes;
        PackedBytes = (int)reader.PackedBytes;
        return Error.None;
    }

    private Error ValidateSelfTest()
    {
        int offset = SelfTestOffset;
        if (offset == 0)
            return Error.None;
        long bytes = ModelFormat.SelfTestRecord.OutputsOffset;
        for (int i = 0; i < _outputs.Length; i++)
            bytes += _outputs[i].ByteCount;
        if (offset < H.Size || offset + bytes > WeightsOffset || BitConverter.ToInt32(_data, offset) == 0)
            return Error.BadSelfTest;
        return Error.None;
    }

    /// <summary>File offset of the record after one.</summary>
    internal int NextLayer(int record)
    {
        return record + L.Size + (BitConverter.ToUInt16(_data, record + L.ParameterCountOffset) << 2);
    }

    /// <summary>The kernel of an opcode, or null where neither the runtime nor the model has one.</summary>
    internal Kernel KernelOf(int opCode)
    {
        int compiled = opCode - ModelFormat.FirstCompiledOpCode;
        if (compiled < 0)
            return KernelTable.Find(opCode);
        return _compiled == null || compiled >= _compiled.Length ? null : _compiled[compiled];
    }

    private int Int(int offset)
    {
        return BitConverter.ToInt32(_data, offset);
    }
}
