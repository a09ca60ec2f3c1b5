using System.Security.Cryptography.X509Certificates;
using Azure.Identity;
using Azure.Messaging.EventHubs;
using Azure.Messaging.EventHubs.Consumer;
using Azure.Messaging.EventHubs.Producer;

namespace Interop.Checks;

/// <summary>A managed identity reads properties, sends and receives over TLS.</summary>
static class IdentityCheck
{
    const string Hub = "identity";

    public static async Task<string> Run()
    {
        var endpoint = new Uri($"sb://{Settings.Namespace}");
        using var certificate = X509CertificateLoader.LoadCertificateFromFile(Settings.Certificate);
        var options = new EventHubConnectionOptions
        {
            CustomEndpointAddress = endpoint,
            CertificateValidationCallback = (_, presented, _, _) => certificate.Equals(presented),
        };
        var credential = new ManagedIdentityCredential(ManagedIdentityId.SystemAssigned);
        await using var connection = new EventHubConnection(endpoint.Host, Hub, credential, options);
        await using var producer = new EventHubProducerClient(connection, new() { RetryOptions = Settings.Retries });
        Expect.Equal("name of the hub", Hub, (await producer.GetEventHubPropertiesAsync()).Name);
        await producer.SendAsync(Events.Of("identity", 3));
        await using var consumer = new EventHubConsumerClient(Settings.Group, connection, new() { RetryOptions = Settings.Retries });
        var bodies = (await Events.Take(consumer, 3)).Select(each => each.Body).Order();
        Expect.Same("events", ["identity-0", "identity-1", "identity-2"], bodies);

        var stranger = new EventHubConnection(endpoint.Host, Hub, credential, new() { CustomEndpointAddress = endpoint });
        await using var untrusting = new EventHubProducerClient(stranger, new() { RetryOptions = Settings.Retries });
        await Expect.Throws<Exception>("a client that does not trust the certificate", () => untrusting.GetEventHubPropertiesAsync());
        return "managed identity over TLS: properties, send, receive; no connection without trust in the certificate";
    }
}
