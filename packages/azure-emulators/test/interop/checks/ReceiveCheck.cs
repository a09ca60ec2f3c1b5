using Azure.Messaging.EventHubs.Consumer;
using Azure.Messaging.EventHubs.Producer;

namespace Interop.Checks;

/// <summary>Receives from all partitions at once, again and again with new clients, and from each kind of position.</summary>
static class ReceiveCheck
{
    const string Hub = "receive";
    const int Partitions = 8;
    const int Each = 25;
    /// <summary>Enough for what goes wrong in some of the reads only.</summary>
    const int Rounds = 12;

    public static async Task<string> Run()
    {
        await using var producer = Settings.Producer(Hub);
        for (var partition = 0; partition < Partitions; partition++)
        {
            await producer.SendAsync(Events.Of($"p{partition}", Each), new SendEventOptions { PartitionId = $"{partition}" });
        }
        for (var round = 0; round < Rounds; round++)
        {
            await using var consumer = Settings.Consumer(Hub);
            var read = await Events.Take(consumer, Partitions * Each);
            foreach (var of in read.GroupBy(each => each.Partition))
            {
                Expect.Same($"events of partition {of.Key}",
                    Events.Of($"p{of.Key}", Each).Select(each => each.EventBody.ToString()), of.Select(each => each.Body));
                Expect.Same($"sequence numbers of partition {of.Key}",
                    Enumerable.Range(0, Each).Select(number => (long)number), of.Select(each => each.Event.SequenceNumber));
            }
        }
        await ReceiveFromPositions(producer);
        return $"{Partitions} partitions at once, {Rounds} times; by sequence number, offset and time, at and after; from the end";
    }

    static async Task ReceiveFromPositions(EventHubProducerClient producer)
    {
        await using var consumer = Settings.Consumer(Hub);
        var all = (await Events.Take(consumer, Partitions * Each)).Where(each => each.Partition == "5").ToList();
        var offset = all[20].Event.OffsetString;
        var before = all[0].Event.EnqueuedTime.AddMilliseconds(-1);
        var after = all[^1].Event.EnqueuedTime.AddMilliseconds(1);
        (string What, EventPosition From, int First)[] positions =
        [
            ("from the start", EventPosition.Earliest, 0),
            ("after sequence number 20", EventPosition.FromSequenceNumber(20, isInclusive: false), 21),
            ("at sequence number 20", EventPosition.FromSequenceNumber(20, isInclusive: true), 20),
            ($"after offset {offset}", EventPosition.FromOffset(offset, isInclusive: false), 21),
            ($"at offset {offset}", EventPosition.FromOffset(offset, isInclusive: true), 20),
            ("after a time before all", EventPosition.FromEnqueuedTime(before), 0),
            ("after a time past all", EventPosition.FromEnqueuedTime(after), Each),
            ("from the end", EventPosition.Latest, Each),
        ];
        var expected = all.Select(each => each.Body).ToList();
        // More than five at once are refused.
        foreach (var some in positions.Chunk(4))
        {
            var found = await Task.WhenAll(some.Select(position => Events.TakeFrom(consumer, "5", position.From)));
            foreach (var (position, bodies) in some.Zip(found))
            {
                Expect.Same($"events {position.What}", expected.Skip(position.First), bodies);
            }
        }
    }
}
