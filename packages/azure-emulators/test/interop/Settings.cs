using Azure.Messaging.EventHubs;
using Azure.Messaging.EventHubs.Consumer;
using Azure.Messaging.EventHubs.Producer;

namespace Interop;

/// <summary>Where the emulators are, told by the command that starts this program. The hub of a check has the check's name.</summary>
static class Settings
{
    public static string ConnectionString => Read("INTEROP_CONNECTION_STRING");

    /// <summary>host:port of the TLS endpoint.</summary>
    public static string Namespace => Read("INTEROP_NAMESPACE");

    /// <summary>File with the one certificate to trust.</summary>
    public static string Certificate => Read("INTEROP_CERTIFICATE");

    public static string Storage => Read("INTEROP_STORAGE");

    /// <summary>Time for one step; a client that cannot go on by then never will.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static readonly EventHubsRetryOptions Retries = new()
    {
        MaximumRetries = 1,
        Delay = TimeSpan.FromMilliseconds(100),
        TryTimeout = TimeSpan.FromSeconds(10),
    };

    public static EventHubProducerClient Producer(string hub) =>
        new(ConnectionString, hub, new EventHubProducerClientOptions { RetryOptions = Retries });

    public static EventHubConsumerClient Consumer(string hub) =>
        new(Group, ConnectionString, hub, new EventHubConsumerClientOptions { RetryOptions = Retries });

    public const string Group = EventHubConsumerClient.DefaultConsumerGroupName;

    static string Read(string name) =>
        Environment.GetEnvironmentVariable(name)
        ?? throw new CheckFailed($"{name} is not set: run this program through `npm run interop`.");
}
