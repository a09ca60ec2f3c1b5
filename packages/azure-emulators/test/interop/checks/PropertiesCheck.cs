using Azure.Messaging.EventHubs.Producer;

namespace Interop.Checks;

/// <summary>Reads the properties of a hub of 4 partitions with a producer and with a consumer, all at once.</summary>
static class PropertiesCheck
{
    const string Hub = "properties";

    public static async Task<string> Run()
    {
        await using var producer = Settings.Producer(Hub);
        await using var consumer = Settings.Consumer(Hub);
        // Two of them at the same time are two token requests on one connection.
        var hubs = await Task.WhenAll(
            producer.GetEventHubPropertiesAsync(),
            producer.GetEventHubPropertiesAsync(),
            consumer.GetEventHubPropertiesAsync());
        foreach (var hub in hubs)
        {
            Expect.Equal("name of the hub", Hub, hub.Name);
            Expect.Same("partition ids", ["0", "1", "2", "3"], hub.PartitionIds);
        }
        await producer.SendAsync([new("a"), new("b")], new SendEventOptions { PartitionId = "2" });
        var partitions = await Task.WhenAll(hubs[0].PartitionIds.Select(id => consumer.GetPartitionPropertiesAsync(id)));
        Expect.Same("empty partitions", [true, true, false, true], partitions.Select(partition => partition.IsEmpty));
        Expect.Equal("last sequence number", 1, partitions[2].LastEnqueuedSequenceNumber);
        Expect.Equal("first sequence number", 0, partitions[2].BeginningSequenceNumber);
        return "hub and 4 partitions, by producer and consumer, at the same time";
    }
}
