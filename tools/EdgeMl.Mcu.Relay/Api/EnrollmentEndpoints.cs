using EdgeMl.Mcu.Relay.Client;
using Microsoft.AspNetCore.Builder;

namespace EdgeMl.Mcu.Relay.Api;

/// <summary>Where a device, or whoever configures it, redeems its token.</summary>
internal static class EnrollmentEndpoints
{
    public static void Map(WebApplication application, RelayServices services) =>
        application.MapPost(Routes.Enroll, (EnrollRequest request) => EnrollAsync(request, services)).Gives<Enrollment>(null, "Redeems an enrolment token", typeof(EnrollRequest));

    private static async Task<Enrollment> EnrollAsync(EnrollRequest request, RelayServices services)
    {
        (string device, byte[] key) = await services.Devices.EnrollAsync(request);
        return new Enrollment
        {
            Device = device,
            DeviceKey = Convert.ToHexStringLower(key),
            Fleet = services.Options.Fleet,
            Broker = services.PublicBroker,
            PublisherKey = services.PublisherKeys.Current is { } publisher ? Convert.ToHexStringLower(publisher) : null,
            KeyGeneration = services.PublisherKeys.Generation,
        };
    }
}
