using Azure.Messaging.EventHubs;
using Azure.Messaging.EventHubs.Producer;

namespace Interop.Checks;

/// <summary>Sends in each way that the client has, and reads all of it back: every event once, keys in the same partition.</summary>
static class SendCheck
{
    const string Hub = "send";
    /// <summary>Here the emulator holds the first message up for longer than the client waits, so that the client sends it again.</summary>
    const string NumberedHub = "idempotent";
    const int Batch = 500;
    const int Numbered = 100;
    static readonly string[] Keys = [.. Enumerable.Range(0, 40).Select(index => $"key-{index}")];

    public static async Task<string> Run()
    {
        await using (var producer = Settings.Producer(Hub))
        {
            await producer.SendAsync([new EventData("single")], new SendEventOptions { PartitionId = "3" });
            await SendBatch(producer);
            // The service places the keys of a producer, the client those of a buffered one.
            foreach (var key in Keys)
            {
                await producer.SendAsync([new EventData($"service {key}")], new SendEventOptions { PartitionKey = key });
            }
        }
        await SendBuffered(Hub, idempotent: false, Keys.Select(key => (key, $"client {key}")));
        var read = await ReadBack(Hub, 1 + Batch + 2 * Keys.Length);
        Expect.Equal("partition of the single event", "3", read.Single(each => each.Body == "single").Partition);
        foreach (var key in Keys)
        {
            var of = read.Where(each => each.Event.PartitionKey == key).ToList();
            Expect.Equal($"events with the key {key}", 2, of.Count);
            Expect.Equal($"partitions of the key {key}", of[0].Partition, of[1].Partition);
        }
        Expect.Equal("partitions that keys are in", 4,
            read.Where(each => Keys.Contains(each.Event.PartitionKey)).Select(each => each.Partition).Distinct().Count());

        var numbered = Events.Of("numbered", Numbered).Select(each => each.EventBody.ToString()).ToList();
        await SendBuffered(NumberedHub, idempotent: true, numbered.Select(body => (body, body)));
        var once = await ReadBack(NumberedHub, Numbered);
        Expect.Same("events of the idempotent producer", numbered.Order(), once.Select(each => each.Body).Order());
        return $"single, batch of {Batch}, {Keys.Length} keys placed alike by service and client, {Numbered} idempotent";
    }

    static async Task<List<Read>> ReadBack(string hub, int count)
    {
        await using var consumer = Settings.Consumer(hub);
        var read = await Events.Take(consumer, count);
        Expect.Equal($"different events in {hub}", count, read.Select(each => each.Body).Distinct().Count());
        return read;
    }

    static async Task SendBatch(EventHubProducerClient producer)
    {
        using var batch = await producer.CreateBatchAsync();
        Expect.Equal("bytes of the largest batch", 1_048_576, batch.MaximumSizeInBytes);
        foreach (var each in Events.Of("batch", Batch)) Expect.Equal("room in the batch", true, batch.TryAdd(each));
        await producer.SendAsync(batch);
    }

    static async Task SendBuffered(string hub, bool idempotent, IEnumerable<(string Key, string Body)> events)
    {
        var options = new EventHubBufferedProducerClientOptions
        {
            EnableIdempotentRetries = idempotent,
            MaximumWaitTime = TimeSpan.FromMilliseconds(100),
            RetryOptions = new() { MaximumRetries = 3, Delay = TimeSpan.FromMilliseconds(100), TryTimeout = TimeSpan.FromSeconds(2) },
        };
        await using var producer = new EventHubBufferedProducerClient(Settings.ConnectionString, hub, options);
        var failed = new List<Exception>();
        producer.SendEventBatchFailedAsync += failure =>
        {
            lock (failed) failed.Add(failure.Exception);
            return Task.CompletedTask;
        };
        foreach (var (key, body) in events)
        {
            await producer.EnqueueEventAsync(new EventData(body), new EnqueueEventOptions { PartitionKey = key });
        }
        await producer.FlushAsync();
        // The message that was held up comes while its producer is still there.
        if (idempotent) await Task.Delay(TimeSpan.FromSeconds(3));
        if (failed.Count > 0) throw new CheckFailed($"sending to {hub} failed: {failed[0]}");
    }
}
