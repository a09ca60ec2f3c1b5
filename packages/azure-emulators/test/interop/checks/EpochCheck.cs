using Azure.Messaging.EventHubs;
using Azure.Messaging.EventHubs.Consumer;
using Azure.Messaging.EventHubs.Primitives;
using Azure.Messaging.EventHubs.Producer;

namespace Interop.Checks;

/// <summary>A receiver with a higher epoch (owner level) takes a partition over; lower ones and those without are refused.</summary>
static class EpochCheck
{
    const string Hub = "epoch";

    public static async Task<string> Run()
    {
        await using var producer = Settings.Producer(Hub);
        await producer.SendAsync([new EventData("a")], new SendEventOptions { PartitionId = "0" });

        await using var first = Receiver(1);
        Expect.Equal("events of the first owner", 1, await Receive(first));
        await using var second = Receiver(2);
        Expect.Equal("events of the second owner", 1, await Receive(second));
        await Disconnected("the first owner, after it was replaced", first);

        await using var lower = Receiver(1);
        await Disconnected("a receiver with a lower epoch", lower);
        await using var without = Receiver(null);
        await Disconnected("a receiver without an epoch", without);

        await producer.SendAsync([new EventData("b")], new SendEventOptions { PartitionId = "0" });
        Expect.Equal("events of the second owner, after the others tried", 1, await Receive(second));
        return "epoch 2 replaces epoch 1; a lower epoch and none are refused as ConsumerDisconnected";
    }

    static PartitionReceiver Receiver(long? epoch)
    {
        var options = new PartitionReceiverOptions { OwnerLevel = epoch, RetryOptions = Settings.Retries };
        return new(Settings.Group, "0", EventPosition.Earliest, Settings.ConnectionString, Hub, options);
    }

    static async Task<int> Receive(PartitionReceiver receiver) =>
        (await receiver.ReceiveBatchAsync(10, Settings.Patience)).Count();

    static async Task Disconnected(string who, PartitionReceiver receiver)
    {
        var error = await Expect.Throws<EventHubsException>(who, async () =>
        {
            // The end of a link shows itself at the next call, or at the one after.
            for (var call = 0; call < 2; call++) await receiver.ReceiveBatchAsync(10, TimeSpan.FromSeconds(5));
        });
        Expect.Equal($"{who}: reason", EventHubsException.FailureReason.ConsumerDisconnected, error.Reason);
    }
}
