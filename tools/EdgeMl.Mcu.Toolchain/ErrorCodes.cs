namespace EdgeMl.Mcu.Toolchain;

/// <summary>Every error code of the host tools. A code is never renamed or reused.</summary>
public static class ErrorCodes
{
    /// <summary>A file does not exist.</summary>
    public const string FileNotFound = "file.not-found";

    /// <summary>A file cannot be read (permissions, a folder in its place).</summary>
    public const string FileUnreadable = "file.unreadable";

    /// <summary>A file cannot be written (permissions, disk full).</summary>
    public const string FileUnwritable = "file.unwritable";

    /// <summary>A file is larger than the tools read.</summary>
    public const string FileTooLarge = "file.too-large";

    /// <summary>The ending or the content of a model file is none of .tflite, .onnx, .emlm.</summary>
    public const string UnknownFormat = "file.unknown-format";

    /// <summary>A .tflite file is cut, corrupt or inconsistent.</summary>
    public const string TfLiteInvalid = "tflite.invalid";

    /// <summary>An .onnx file is cut, corrupt or inconsistent.</summary>
    public const string OnnxInvalid = "onnx.invalid";

    /// <summary>The model has operators, or variants of them, that the toolchain does not know; all of them are named.</summary>
    public const string UnsupportedOperator = "import.unsupported-operator";

    /// <summary>The model has a shape that is not known before it runs.</summary>
    public const string DynamicShape = "import.dynamic-shape";

    /// <summary>The model is imported, but the device runtime cannot run it as it is.</summary>
    public const string NotRunnable = "emit.not-runnable";

    /// <summary>The model needs more memory than the device or the file format gives.</summary>
    public const string DoesNotFit = "plan.does-not-fit";

    /// <summary>No board has that name.</summary>
    public const string UnknownBoard = "board.unknown";

    /// <summary>A float model was given where an int8 model is needed.</summary>
    public const string FloatModel = "emit.float-model";

    /// <summary>An int8 model was given where a float model is needed.</summary>
    public const string NotFloatModel = "quantize.not-a-float-model";

    /// <summary>Calibration data has NaN or infinite values, is constant or empty.</summary>
    public const string BadCalibrationData = "quantize.bad-calibration-data";

    /// <summary>A model has no layer with weights that can be pruned.</summary>
    public const string NothingToPrune = "prune.nothing-to-prune";

    /// <summary>A model does not have enough channels that can be removed, or its file does not let them be taken out.</summary>
    public const string SparsityOutOfReach = "prune.sparsity-out-of-reach";

    /// <summary>A .npy file is cut, corrupt or of an unsupported kind.</summary>
    public const string NpyInvalid = "data.npy-invalid";

    /// <summary>A .csv file has a cell that is not a number or lines of different lengths.</summary>
    public const string CsvInvalid = "data.csv-invalid";

    /// <summary>A .bin file's length is not a multiple of the sample's size.</summary>
    public const string BinInvalid = "data.bin-invalid";

    /// <summary>Data does not have the shape that the model takes or gives.</summary>
    public const string ShapeMismatch = "data.shape-mismatch";

    /// <summary>Data has NaN where an integer is needed.</summary>
    public const string NotANumber = "data.not-a-number";

    /// <summary>Data has a number that the model's type cannot hold, or a label that the model does not know.</summary>
    public const string OutOfRange = "data.out-of-range";

    /// <summary>Files that belong together have different numbers of samples.</summary>
    public const string SampleCountMismatch = "data.sample-count-mismatch";

    /// <summary>edgeml.json in the working folder is not usable.</summary>
    public const string ConfigurationInvalid = "config.invalid";

    /// <summary>An option names an input or output that the model does not have.</summary>
    public const string UnknownTensor = "data.unknown-tensor";

    /// <summary>An .emlm file does not load; the device error's name follows the prefix (<c>emlm.truncated</c>).</summary>
    public const string EmlmPrefix = "emlm.";
}
