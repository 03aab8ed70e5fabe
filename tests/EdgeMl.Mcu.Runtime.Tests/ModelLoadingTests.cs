using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Testing;
using H = EdgeMl.Mcu.Runtime.Format.ModelFormat.Header;
using L = EdgeMl.Mcu.Runtime.Format.ModelFormat.LayerRecord;
using R = EdgeMl.Mcu.Runtime.Format.ModelFormat.TensorRecord;

namespace EdgeMl.Mcu.Runtime.Tests;

public class ModelLoadingTests
{
    private static readonly byte[] File = CompiledModels.Get("digits_mlp").Bytes;
    private static readonly int Input = ModelBytes.TensorRecord(0);
    private static readonly int Output = ModelBytes.TensorRecord(1);
    private static readonly int FirstLayer = ModelBytes.Int(File, H.LayersOffset);

    [Fact]
    public void An_intact_file_loads()
    {
        Model model = Model.Load(File);
        Assert.Equal("digits_mlp", model.Name);
        Assert.Equal((1, 1, true), (model.InputCount, model.OutputCount, model.HasSelfTest));
        Assert.Equal(("image", 64), (model.Input(0).Name, model.Input(0).Count));
        Assert.Equal(10, model.Output(0).Count);
        Assert.NotEqual("", model.LayerName(0));
        Assert.Equal("", model.LayerName(-1));
        Assert.Equal("", model.LayerName(model.LayerCount));
    }

    [Fact]
    public void Load_throws_the_error_that_TryLoad_gives()
    {
        Assert.Equal(Error.NotAModel, Assert.Throws<ModelException>(() => Model.Load(new byte[100])).Error);
        Assert.Equal(Error.NotAModel, Model.TryLoad(new byte[100], out Model model));
        Assert.Null(model);
    }

    [Fact]
    public void Data_that_is_too_short_is_truncated()
    {
        ShouldBe(Error.Truncated, null!);
        ShouldBe(Error.Truncated, []);
        ShouldBe(Error.Truncated, [.. "EMLM"u8]);
        ShouldBe(Error.Truncated, File[..^1]);
        ShouldBe(Error.NotAModel, [.. "EMLX"u8]);
    }

    [Fact]
    public void Each_header_field_has_its_error()
    {
        ShouldBe(Error.NotAModel, ModelBytes.With(File, H.MagicOffset, 0));
        ShouldBe(Error.FormatVersion, ModelBytes.WithByte(File, H.VersionOffset, ModelFormat.Version + 1));
        ShouldBe(Error.FormatVersion, ModelBytes.WithByte(File, H.VersionOffset, 0));
        ShouldBe(Error.TrailingData, [.. File, 0]);
        ShouldBe(Error.Checksum, [.. File[..^1], (byte)(File[^1] ^ 1)]);
        ShouldBe(Error.RuntimeTooOld, ModelBytes.WithByte(File, H.AbiOffset, ModelFormat.RuntimeAbi + 1));
        foreach (int size in new[] { 0, -1, ModelFormat.MaxBytes + 1 })
            ShouldBe(Error.BadHeader, ModelBytes.With(File, H.ArenaOffset, size));
        foreach (int size in new[] { 4, -8, ModelFormat.MaxBytes + 8 })
            ShouldBe(Error.BadHeader, ModelBytes.With(File, H.LanesOffset, size));
        foreach (int size in new[] { -1, ModelFormat.MaxBytes + 1 })
            ShouldBe(Error.BadHeader, ModelBytes.With(File, H.StripOffset, size));
        foreach (int count in new[] { 0, ModelFormat.MaxPorts + 1, 255 })
        {
            ShouldBe(Error.BadHeader, ModelBytes.WithByte(File, H.InputCountOffset, count));
            ShouldBe(Error.BadHeader, ModelBytes.WithByte(File, H.OutputCountOffset, count));
        }
        foreach (int field in new[] { H.LayersOffset, H.WeightsOffset, H.WeightsLengthOffset })
        {
            ShouldBe(Error.BadHeader, ModelBytes.With(File, field, -1));
            ShouldBe(Error.BadHeader, ModelBytes.With(File, field, int.MinValue));
            ShouldBe(Error.BadHeader, ModelBytes.With(File, field, int.MaxValue));
            ShouldBe(Error.BadHeader, ModelBytes.With(File, field, File.Length));
        }
    }

    [Fact]
    public void Tensor_records_out_of_range_are_refused()
    {
        foreach (int record in new[] { Input, Output })
        {
            foreach (int offset in new[] { -1, int.MaxValue, ModelBytes.Int(File, H.ArenaOffset) })
                ShouldBe(Error.BadTensor, ModelBytes.With(File, record + R.ArenaOffset, offset));
            foreach (int count in new[] { 0, -1, 11, int.MaxValue })
                ShouldBe(Error.BadTensor, ModelBytes.With(File, record + R.CountOffset, count));
            foreach (float scale in new[] { 0, -1, float.NaN, float.PositiveInfinity })
                ShouldBe(Error.BadTensor, ModelBytes.With(File, record + R.ScaleOffset, BitConverter.SingleToInt32Bits(scale)));
            foreach (int zeroPoint in new[] { -129, 128 })
                ShouldBe(Error.BadTensor, ModelBytes.With(File, record + R.ZeroPointOffset, zeroPoint));
            foreach (int field in new[] { R.EdgeOffset, R.RankOffset, R.SourceRankOffset })
                ShouldBe(Error.BadTensor, ModelBytes.WithByte(File, record + field, 7));
            foreach (int shape in new[] { R.ShapeOffset, R.SourceShapeOffset })
            {
                foreach (int dimension in new[] { 0, -1, 2, int.MaxValue })
                    ShouldBe(Error.BadTensor, ModelBytes.With(File, record + shape, dimension));
            }
        }
    }

    [Fact]
    public void A_permutation_names_each_source_axis_once()
    {
        foreach (int axis in new[] { 1, 2, 32, 255 })
            ShouldBe(Error.BadTensor, ModelBytes.WithByte(File, Output + R.PermutationOffset, axis));
    }

    [Fact]
    public void A_float_softmax_needs_an_axis_and_stands_at_an_output()
    {
        ShouldBe(Error.BadTensor, ModelBytes.WithByte(File, Input + R.EdgeOffset, (int)TensorEdge.FloatSoftmax));
        foreach (TensorEdge edge in new[] { TensorEdge.FloatSoftmax, TensorEdge.FloatLogSoftmax })
        {
            byte[] scalar = ModelBytes.Changed(File, copy =>
            {
                copy[Output + R.CountOffset] = 1;
                copy[Output + R.EdgeOffset] = (byte)edge;
                copy[Output + R.RankOffset] = copy[Output + R.SourceRankOffset] = 0;
            });
            ShouldBe(Error.BadTensor, scalar);
        }
    }

    [Fact]
    public void Layers_that_the_runtime_cannot_run_are_refused()
    {
        foreach (int opCode in new[] { 0, 255 })
            ShouldBe(Error.UnknownKernel, ModelBytes.WithByte(File, FirstLayer + L.OpCodeOffset, opCode));
        ShouldBe(Error.BadLayer, ModelBytes.WithByte(File, FirstLayer + L.OpCodeOffset, (int)OpCode.Fill));
        ShouldBe(Error.BadLayer, ModelBytes.WithByte(File, FirstLayer + L.ParameterCountOffset, 8));
        ShouldBe(Error.BadLayer, ModelBytes.WithByte(File, FirstLayer + L.ParameterCountOffset + 1, 255));
        foreach (int field in new[] { L.WeightsOffset, L.WeightsLengthOffset })
        {
            ShouldBe(Error.BadLayer, ModelBytes.With(File, FirstLayer + field, -4));
            ShouldBe(Error.BadLayer, ModelBytes.With(File, FirstLayer + field, int.MaxValue));
        }
        byte[] manyLayers = ModelBytes.Changed(File, copy => copy[H.LayerCountOffset + 1] = 255);
        Assert.NotEqual(Error.None, Model.TryLoad(manyLayers, out _));
    }

    [Fact]
    public void Malformed_strings_are_refused()
    {
        foreach (int offset in new[] { -1, 1, File.Length - 5, int.MaxValue })
        {
            ShouldBe(Error.BadString, ModelBytes.With(File, H.NameOffset, offset));
            ShouldBe(Error.BadString, ModelBytes.With(File, H.LayerNamesOffset, offset));
            ShouldBe(Error.BadString, ModelBytes.With(File, Input + R.NameOffset, offset));
        }
        int name = ModelBytes.Int(File, H.NameOffset);
        ShouldBe(Error.BadString, ModelBytes.WithByte(File, name + 1, 255));
        ShouldBe(Error.BadString, ModelBytes.WithByte(File, Output + R.LabelCountOffset, 3));
        ShouldBe(Error.BadString, ModelBytes.With(File, ModelBytes.Int(File, H.LayerNamesOffset), File.Length));
    }

    [Fact]
    public void A_malformed_self_test_is_refused()
    {
        foreach (int offset in new[] { -1, 1, ModelBytes.Int(File, H.WeightsOffset) - 4, int.MaxValue })
            ShouldBe(Error.BadSelfTest, ModelBytes.With(File, H.SelfTestOffset, offset));
        ShouldBe(Error.BadSelfTest, ModelBytes.With(File, ModelBytes.Int(File, H.SelfTestOffset), 0));
    }

    [Fact]
    public void Labels_and_names_are_read_back()
    {
        byte[] labelled = ModelBytes.Changed(File, copy =>
        {
            copy[Output + R.LabelCountOffset] = 1;
            BitConverter.TryWriteBytes(copy.AsSpan(Output + R.LabelsOffset), ModelBytes.Int(copy, H.NameOffset));
        });
        TensorInfo output = Model.Load(labelled).Output(0);
        Assert.Equal(1, output.LabelCount);
        Assert.Equal("digits_mlp", output.Label(0));
    }

    private static void ShouldBe(Error expected, byte[] file) => Assert.Equal(expected, Model.TryLoad(file, out _));
}
