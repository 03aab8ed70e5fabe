namespace EdgeMl.Mcu.Toolchain;

/// <summary>Every error code of the toolchain. A code is never renamed or reused.</summary>
/// <remarks>The remarks of a code say what to do about it; docs/errors.md is written from both.</remarks>
public static class ErrorCodes
{
    /// <summary>A file does not exist.</summary>
    /// <remarks>Check the path; relative paths start at the working folder.</remarks>
    public const string FileNotFound = "file.not-found";

    /// <summary>A file cannot be read (permissions, a folder in its place).</summary>
    /// <remarks>Give the user the right to read it, or name a file instead of a folder.</remarks>
    public const string FileUnreadable = "file.unreadable";

    /// <summary>A file cannot be written (permissions, disk full).</summary>
    /// <remarks>Make room on the disk, or write to a folder where the user may.</remarks>
    public const string FileUnwritable = "file.unwritable";

    /// <summary>A file is larger than the tools read.</summary>
    /// <remarks>Give fewer samples at a time, or a smaller model.</remarks>
    public const string FileTooLarge = "file.too-large";

    /// <summary>The ending or the content of a model file is none of .tflite, .onnx, .emlm.</summary>
    /// <remarks>Name a .tflite, .onnx or .emlm file.</remarks>
    public const string UnknownFormat = "file.unknown-format";

    /// <summary>A .tflite file is cut, corrupt or inconsistent.</summary>
    /// <remarks>Export or copy the model again.</remarks>
    public const string TfLiteInvalid = "tflite.invalid";

    /// <summary>An .onnx file is cut, corrupt or inconsistent.</summary>
    /// <remarks>Export or copy the model again.</remarks>
    public const string OnnxInvalid = "onnx.invalid";

    /// <summary>The model has operators, or variants of them, that the toolchain does not know; all of them are named.</summary>
    /// <remarks>Replace the operators in the model; docs/operators.md lists those that are known.</remarks>
    public const string UnsupportedOperator = "import.unsupported-operator";

    /// <summary>The model has a shape that is not known before it runs.</summary>
    /// <remarks>Export the model with fixed shapes and a batch of 1.</remarks>
    public const string DynamicShape = "import.dynamic-shape";

    /// <summary>The model is imported, but the device runtime cannot run it as it is.</summary>
    /// <remarks>Quantise the model to int8, or change the layer that the message names.</remarks>
    public const string NotRunnable = "emit.not-runnable";

    /// <summary>The model needs more memory than the device or the file format gives.</summary>
    /// <remarks>Prune or shrink the model, give a larger board, or page the weights.</remarks>
    public const string DoesNotFit = "plan.does-not-fit";

    /// <summary>No board has that name.</summary>
    /// <remarks>Take one of the names in the message.</remarks>
    public const string UnknownBoard = "board.unknown";

    /// <summary>A float model was given where an int8 model is needed.</summary>
    /// <remarks>Quantise the model first: <c>edgeml quantize</c>.</remarks>
    public const string FloatModel = "emit.float-model";

    /// <summary>An int8 model was given where a float model is needed.</summary>
    /// <remarks>Give the float model that the int8 model was made from.</remarks>
    public const string NotFloatModel = "quantize.not-a-float-model";

    /// <summary>Calibration data has NaN or infinite values, is constant or empty.</summary>
    /// <remarks>Give samples as they occur in use, some dozens at least.</remarks>
    public const string BadCalibrationData = "quantize.bad-calibration-data";

    /// <summary>A model has no layer with weights that can be pruned.</summary>
    /// <remarks>Prune a model with dense or convolution layers.</remarks>
    public const string NothingToPrune = "prune.nothing-to-prune";

    /// <summary>A model does not have enough channels that can be removed, or its file does not let them be taken out.</summary>
    /// <remarks>Ask for less sparsity, or for single weights instead of channels.</remarks>
    public const string SparsityOutOfReach = "prune.sparsity-out-of-reach";

    /// <summary>A .npy file is cut, corrupt or of an unsupported kind.</summary>
    /// <remarks>Save the array again with <c>numpy.save</c>, little-endian and in C order.</remarks>
    public const string NpyInvalid = "data.npy-invalid";

    /// <summary>A .csv file has a cell that is not a number or lines of different lengths.</summary>
    /// <remarks>Write one sample a line, numbers only, all lines equally long.</remarks>
    public const string CsvInvalid = "data.csv-invalid";

    /// <summary>A .bin file's length is not a multiple of the sample's size.</summary>
    /// <remarks>Check that the file belongs to this model and holds whole samples.</remarks>
    public const string BinInvalid = "data.bin-invalid";

    /// <summary>Data does not have the shape that the model takes or gives.</summary>
    /// <remarks>Bring the data into the shape that the message names.</remarks>
    public const string ShapeMismatch = "data.shape-mismatch";

    /// <summary>Data has NaN where an integer is needed.</summary>
    /// <remarks>Remove or replace the samples with NaN.</remarks>
    public const string NotANumber = "data.not-a-number";

    /// <summary>Data has a number that the model's type cannot hold, or a label that the model does not know.</summary>
    /// <remarks>Bring the data into the range that the message names.</remarks>
    public const string OutOfRange = "data.out-of-range";

    /// <summary>Files that belong together have different numbers of samples.</summary>
    /// <remarks>Give files with the same number of samples.</remarks>
    public const string SampleCountMismatch = "data.sample-count-mismatch";

    /// <summary>edgeml.json in the working folder is not usable.</summary>
    /// <remarks>Correct edgeml.json, or remove it.</remarks>
    public const string ConfigurationInvalid = "config.invalid";

    /// <summary>An option names an input or output that the model does not have.</summary>
    /// <remarks>Take one of the names that <c>edgeml inspect</c> shows.</remarks>
    public const string UnknownTensor = "data.unknown-tensor";

    /// <summary>An .emlm file does not load; the device error's name follows the prefix (<c>emlm.truncated</c>).</summary>
    /// <remarks>Convert or copy the model again; below, the numbers of the device runtime say what is wrong.</remarks>
    public const string EmlmPrefix = "emlm.";
}
