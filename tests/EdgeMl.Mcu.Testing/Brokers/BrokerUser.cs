namespace EdgeMl.Mcu.Testing.Brokers;

/// <summary>Who may connect to an external broker, with all rights.</summary>
/// <param name="Name">The user, without ':' and quotes.</param>
/// <param name="Password">The password, without quotes.</param>
public sealed record BrokerUser(string Name, string Password);
