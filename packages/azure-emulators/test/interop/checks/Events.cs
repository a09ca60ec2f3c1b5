using Azure.Messaging.EventHubs;
using Azure.Messaging.EventHubs.Consumer;

namespace Interop.Checks;

sealed record Read(string Partition, EventData Event)
{
    public string Body => Event.EventBody.ToString();
}

static class Events
{
    public static IEnumerable<EventData> Of(string name, int count) =>
        Enumerable.Range(0, count).Select(index => new EventData($"{name}-{index}"));

    /// <summary>The first <paramref name="count"/> events that the client reads from all partitions at once.</summary>
    public static async Task<List<Read>> Take(EventHubConsumerClient consumer, int count)
    {
        using var patience = new CancellationTokenSource(Settings.Patience);
        var read = new List<Read>();
        try
        {
            await foreach (var each in consumer.ReadEventsAsync(patience.Token))
            {
                read.Add(new(each.Partition.PartitionId, each.Data));
                if (read.Count == count) return read;
            }
        }
        catch (OperationCanceledException)
        {
            // Told below, with what is missing.
        }
        throw new CheckFailed($"expected {count} events, and after {Settings.Patience.TotalSeconds} s there were {read.Count}.");
    }

    /// <summary>The bodies of a partition from a position on, until nothing comes for a second.</summary>
    public static async Task<List<string>> TakeFrom(EventHubConsumerClient consumer, string partition, EventPosition position)
    {
        var options = new ReadEventOptions { MaximumWaitTime = TimeSpan.FromSeconds(1) };
        var bodies = new List<string>();
        await foreach (var each in consumer.ReadEventsFromPartitionAsync(partition, position, options))
        {
            if (each.Data is null) break;
            bodies.Add(each.Data.EventBody.ToString());
        }
        return bodies;
    }
}
