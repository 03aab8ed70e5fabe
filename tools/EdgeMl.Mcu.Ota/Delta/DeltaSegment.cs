namespace EdgeMl.Mcu.Ota.Delta;

/// <summary>A part of a file that comes from one place.</summary>
/// <param name="Length">Bytes, 1 or more.</param>
/// <param name="Diagonal">Offset in the base minus offset in the file; null for bytes that do not come from the base.</param>
internal readonly record struct DeltaSegment(int Length, int? Diagonal);
