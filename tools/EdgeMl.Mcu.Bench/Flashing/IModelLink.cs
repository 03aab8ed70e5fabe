namespace EdgeMl.Mcu.Bench.Flashing;

/// <summary>The bench link to a running device application.</summary>
public interface IModelLink
{
    /// <summary>Name of the link, for reports.</summary>
    string Name { get; }

    /// <summary>Asks the application who it is, waiting until it answers.</summary>
    /// <returns>One line about it.</returns>
    string Identify(CancellationToken cancellationToken);

    /// <summary>Gives the application a model, which takes it into use.</summary>
    /// <param name="model">Content of the model file.</param>
    /// <param name="progress">Told how much is done, 0 to 1.</param>
    /// <param name="cancellationToken">Gives up.</param>
    void Put(byte[] model, Action<double>? progress, CancellationToken cancellationToken);
}
