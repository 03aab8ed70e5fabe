using EdgeMl.Mcu.Bench.Hil.Models;
using EdgeMl.Mcu.Bench.Link;

namespace EdgeMl.Mcu.Bench.Hil.Stages;

/// <summary>Runs golden vectors on a board's selected model.</summary>
internal static class VectorCheck
{
    /// <summary>Runs all vectors of a model.</summary>
    /// <param name="link">Its board, on which the model is selected.</param>
    /// <param name="model">The model.</param>
    /// <param name="ran">Called after each vector.</param>
    /// <param name="cancellationToken">Stops between vectors.</param>
    public static VerifiedModel Run(LinkClient link, GoldenModel model, Action? ran, CancellationToken cancellationToken)
    {
        int equal = 0;
        Difference? first = null;
        foreach (GoldenVector vector in model.Vectors)
        {
            byte[] outputs = link.Run([.. vector.Inputs.SelectMany(input => input)], cancellationToken: cancellationToken).Outputs;
            Difference? difference = vector.FirstDifference(outputs);
            if (difference is null)
                equal++;
            first ??= difference;
            ran?.Invoke();
        }
        return new VerifiedModel(model.Vectors.Count, equal, first);
    }

    /// <summary>Whether the model that a board's agent runs is this one: it has the same sizes and gives the exact outputs.</summary>
    public static VerifiedModel? RunAgents(LinkClient link, GoldenModel model, CancellationToken cancellationToken)
    {
        LinkModel selected = link.Select(LinkModelSource.Agent, cancellationToken);
        GoldenVector vector = model.Vectors[0];
        bool hasSizes = selected.InputBytes == vector.Inputs.Sum(input => input.Length) && selected.OutputBytes == vector.Outputs.Sum(output => output.Length);
        return hasSizes ? Run(link, model, null, cancellationToken) : null;
    }
}
