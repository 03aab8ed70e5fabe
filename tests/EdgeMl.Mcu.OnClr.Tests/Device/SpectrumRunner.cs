using System.Diagnostics;
using EdgeMl.Mcu.Samples.VibrationAnomaly;

/// <summary>Prints the features of the windows that the test compiled in, one line a window.</summary>
public static class SpectrumRunner
{
    public static void Main()
    {
        var spectrum = new SpectralFeatures();
        var features = new sbyte[SpectralFeatures.Bands];
        foreach (short[] window in Windows.All)
        {
            spectrum.Compute(window, features);
            string line = "features";
            for (int i = 0; i < features.Length; i++)
                line += " " + features[i];
            Debug.WriteLine(line);
        }
        Debug.WriteLine("end");
    }
}
