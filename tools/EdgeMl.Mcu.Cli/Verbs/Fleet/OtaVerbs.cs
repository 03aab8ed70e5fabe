using System.CommandLine;

namespace EdgeMl.Mcu.Cli.Verbs.Fleet;

/// <summary><c>edgeml ota</c></summary>
internal static class OtaVerbs
{
    /// <summary>The group of verbs.</summary>
    public static Command Create(Terminal terminal) => new("ota", "Publish models and roll them out to a fleet, in stages, with automatic rollback.")
    {
        OtaTrustVerb.Create(terminal),
        OtaPublishVerb.Create(terminal),
        OtaModelsVerb.Create(terminal),
        OtaRolloutVerb.Create(terminal),
        OtaStatusVerb.Create(terminal),
        OtaSteeringVerbs.Pause(terminal),
        OtaSteeringVerbs.Resume(terminal),
        OtaSteeringVerbs.Abort(terminal),
        OtaSteeringVerbs.Rollback(terminal),
        OtaHistoryVerb.Create(terminal),
        OtaAuditVerb.Create(terminal),
    };
}
