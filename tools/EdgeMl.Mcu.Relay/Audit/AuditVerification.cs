namespace EdgeMl.Mcu.Relay.Audit;

/// <summary>An audit log that fits together.</summary>
/// <param name="Entries">Number of entries.</param>
/// <param name="LastHash">Hash of the last one, 64 hex digits: an earlier export's last hash must be the hash of that entry here.</param>
/// <param name="From">Time of the first entry; null for an empty log.</param>
/// <param name="To">Time of the last entry; null for an empty log.</param>
public sealed record AuditVerification(long Entries, string LastHash, DateTimeOffset? From, DateTimeOffset? To);
