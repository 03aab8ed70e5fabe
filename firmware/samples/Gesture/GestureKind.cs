namespace EdgeMl.Mcu.Samples.Gesture;

/// <summary>What the model tells apart; the number is the index of the model's output.</summary>
public enum GestureKind : byte
{
    /// <summary>No gesture: rest, walking, a knock.</summary>
    None = 0,

    /// <summary>To and fro along x.</summary>
    Shake = 1,

    /// <summary>A circle in the plane of x and y.</summary>
    Circle = 2,

    /// <summary>One stroke down.</summary>
    Chop = 3,
}
