using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EdgeMl.Mcu.Mqtt.Tests.Support;

/// <summary>A certificate for the loopback address that lives as long as the tests.</summary>
internal static class TestCertificate
{
    private static readonly Lazy<X509Certificate2> Lazily = new(Create);

    public static X509Certificate2 Value => Lazily.Value;

    /// <summary>The certificate's key, for programs that read files.</summary>
    public static string PrivateKeyPem
    {
        get
        {
            using ECDsa key = Value.GetECDsaPrivateKey()!;
            return key.ExportPkcs8PrivateKeyPem();
        }
    }

    private static X509Certificate2 Create()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
    }
}
