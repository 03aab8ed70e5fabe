namespace EdgeMl.Mcu.Cli.Output;

/// <summary>What <c>--json</c> prints on any failure.</summary>
internal sealed record ErrorDocument(ErrorBody Error);

/// <summary>A failure.</summary>
internal sealed record ErrorBody(string Code, string Message, string? Hint);

/// <summary>What <c>version --json</c> prints.</summary>
internal sealed record VersionDocument(string Version, int FormatVersion, int RuntimeAbi);

/// <summary>What <c>run --json</c> prints.</summary>
internal sealed record RunDocument(string Model, int Samples, IReadOnlyList<RunOutput> Outputs);

/// <summary>An output of a run; values by sample where no file was asked for, null where one is not finite.</summary>
internal sealed record RunOutput(string Name, string Type, int[] Shape, string? File, IReadOnlyList<double?[]>? Values);

/// <summary>What <c>eval --metric mse --json</c> prints.</summary>
internal sealed record MeanSquaredErrorDocument(string Model, double MeanSquaredError, int Total);

/// <summary>What <c>eval --metric auc --json</c> prints.</summary>
internal sealed record AucDocument(string Model, double Auc, int Total);
