namespace EdgeMl.Mcu.Runtime.Format;

/// <summary>
/// Layout of an <c>.emlm</c> file: header, tensor records, layer records, strings, self-test, weights, CRC-32. Little-endian.
/// Offsets are in bytes from the start of the structure that they belong to.
/// </summary>
public static class ModelFormat
{
    /// <summary>The first four bytes, <c>EMLM</c>, as a little-endian integer.</summary>
    public const int Magic = 0x4D4C4D45;

    /// <summary>Format version that this runtime reads.</summary>
    public const int Version = 1;

    /// <summary>Runtime ABI: the kernels and parameters that this runtime understands. A model names the ABI that it needs.</summary>
    public const int RuntimeAbi = 1;

    /// <summary>Opcodes from here on name the kernels that come with a compiled model, by their index. No file for the runtime alone has them.</summary>
    public const int FirstCompiledOpCode = 0x4000;

    /// <summary>Largest arena, weights section or tensor, in bytes. Every offset and size is checked against it before use.</summary>
    public const int MaxBytes = 1 << 28;

    /// <summary>Largest rank of a tensor.</summary>
    public const int MaxRank = 6;

    /// <summary>Most inputs, and most outputs.</summary>
    public const int MaxPorts = 32;

    /// <summary>Longest name or label, in bytes of UTF-8.</summary>
    public const int MaxStringBytes = 1024;

    /// <summary>Header fields.</summary>
    public static class Header
    {
        /// <summary>int32 <see cref="ModelFormat.Magic"/>.</summary>
        public const int MagicOffset = 0;

        /// <summary>uint16 <see cref="ModelFormat.Version"/>.</summary>
        public const int VersionOffset = 4;

        /// <summary>uint16 runtime ABI that the model needs.</summary>
        public const int AbiOffset = 6;

        /// <summary>int32 length of the whole file, checksum included.</summary>
        public const int LengthOffset = 8;

        /// <summary>int32 bytes of the arena.</summary>
        public const int ArenaOffset = 12;

        /// <summary>int32 bytes of 64-bit words that kernels need, a multiple of 8.</summary>
        public const int LanesOffset = 16;

        /// <summary>uint16 number of layers.</summary>
        public const int LayerCountOffset = 20;

        /// <summary>uint8 number of inputs.</summary>
        public const int InputCountOffset = 22;

        /// <summary>uint8 number of outputs.</summary>
        public const int OutputCountOffset = 23;

        /// <summary>int32 file offset of the first layer record.</summary>
        public const int LayersOffset = 24;

        /// <summary>int32 file offset of the weights.</summary>
        public const int WeightsOffset = 28;

        /// <summary>int32 bytes of the weights.</summary>
        public const int WeightsLengthOffset = 32;

        /// <summary>int32 file offset of the model's name, 0 for none.</summary>
        public const int NameOffset = 36;

        /// <summary>int32 file offset of a table with one int32 string offset a layer, 0 for none.</summary>
        public const int LayerNamesOffset = 40;

        /// <summary>int32 file offset of the self-test record, 0 for none.</summary>
        public const int SelfTestOffset = 44;

        /// <summary>int32 bytes that kernels need after the arena's activations.</summary>
        public const int StripOffset = 48;

        /// <summary>Bytes of the header. The tensor records follow: inputs, then outputs.</summary>
        public const int Size = 52;
    }

    /// <summary>Record of an input or output.</summary>
    public static class TensorRecord
    {
        /// <summary>int32 offset in the arena.</summary>
        public const int ArenaOffset = 0;

        /// <summary>int32 number of elements.</summary>
        public const int CountOffset = 4;

        /// <summary>float32 scale.</summary>
        public const int ScaleOffset = 8;

        /// <summary>int32 zero point.</summary>
        public const int ZeroPointOffset = 12;

        /// <summary>uint8 <see cref="TensorEdge"/>.</summary>
        public const int EdgeOffset = 16;

        /// <summary>uint8 rank on the device.</summary>
        public const int RankOffset = 17;

        /// <summary>uint8 rank in the source model.</summary>
        public const int SourceRankOffset = 18;

        /// <summary>uint8 number of labels.</summary>
        public const int LabelCountOffset = 19;

        /// <summary>int32 × <see cref="MaxRank"/>: dimensions on the device.</summary>
        public const int ShapeOffset = 20;

        /// <summary>int32 × <see cref="MaxRank"/>: dimensions in the source model.</summary>
        public const int SourceShapeOffset = 44;

        /// <summary>uint8 × <see cref="MaxRank"/>: source axis of each axis before the reshape to the device's shape.</summary>
        public const int PermutationOffset = 68;

        /// <summary>uint8 <see cref="TensorType"/>.</summary>
        public const int TypeOffset = 74;

        /// <summary>int32 file offset of the name, 0 for none.</summary>
        public const int NameOffset = 76;

        /// <summary>int32 file offset of the labels, one string after another, 0 for none.</summary>
        public const int LabelsOffset = 80;

        /// <summary>Bytes of a record.</summary>
        public const int Size = 84;
    }

    /// <summary>Record of a layer: this head, then <c>ParameterCount</c> int32 parameters.</summary>
    public static class LayerRecord
    {
        /// <summary>uint16 <see cref="OpCode"/>.</summary>
        public const int OpCodeOffset = 0;

        /// <summary>uint16 number of parameters.</summary>
        public const int ParameterCountOffset = 2;

        /// <summary>int32 offset of the layer's weights in the weights section.</summary>
        public const int WeightsOffset = 4;

        /// <summary>int32 bytes of the layer's weights.</summary>
        public const int WeightsLengthOffset = 8;

        /// <summary>Bytes before the parameters.</summary>
        public const int Size = 12;
    }

    /// <summary>Self-test: the inputs come from <see cref="SelfTestVector"/>, the outputs stand here as the bytes of the arena.</summary>
    public static class SelfTestRecord
    {
        /// <summary>uint32 seed of the inputs, not 0.</summary>
        public const int SeedOffset = 0;

        /// <summary>The expected outputs, one after another.</summary>
        public const int OutputsOffset = 4;
    }
}
