using System.Globalization;
using Azure;
using Azure.Messaging.EventHubs;
using Azure.Messaging.EventHubs.Consumer;
using Azure.Messaging.EventHubs.Primitives;
using Azure.Messaging.EventHubs.Processor;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace Interop.Hub;

/// <summary>
/// A member of a group of processors that share the partitions of a hub: the client's own base class, with ownerships and
/// checkpoints as metadata of blobs, one each for a partition. A checkpoint is written after each batch that was handled.
/// </summary>
sealed class BlobProcessor : EventProcessor<EventProcessorPartition>
{
    /// <summary>Events of a partition; what it throws ends the processing of that batch without a checkpoint.</summary>
    public delegate Task Handler(string partition, IReadOnlyList<EventData> events, CancellationToken cancellation);

    const string Owner = "owner";
    const string Offset = "offset";
    readonly BlobContainerClient container;
    readonly Handler handle;
    readonly Action<Exception> failed;

    public BlobProcessor(string hub, string name, Handler handle, Action<Exception> failed) : base(
        eventBatchMaximumCount: 10,
        Settings.Group,
        Settings.ConnectionString,
        hub,
        new EventProcessorOptions
        {
            Identifier = name,
            LoadBalancingUpdateInterval = TimeSpan.FromSeconds(1),
            PartitionOwnershipExpirationInterval = TimeSpan.FromSeconds(4),
            MaximumWaitTime = null,
            RetryOptions = Settings.Retries,
        })
    {
        container = new BlobContainerClient(Settings.Storage, hub);
        this.handle = handle;
        this.failed = failed;
    }

    public async Task Start()
    {
        await container.CreateIfNotExistsAsync();
        await StartProcessingAsync();
    }

    BlobClient OwnershipOf(string partition) => container.GetBlobClient($"ownership/{partition}");

    BlobClient CheckpointOf(string partition) => container.GetBlobClient($"checkpoint/{partition}");

    protected override async Task<IEnumerable<EventProcessorPartitionOwnership>> ListOwnershipAsync(CancellationToken cancellation)
    {
        var found = new List<EventProcessorPartitionOwnership>();
        await foreach (var blob in container.GetBlobsAsync(BlobTraits.Metadata, BlobStates.None, "ownership/", cancellation))
        {
            found.Add(new()
            {
                FullyQualifiedNamespace = FullyQualifiedNamespace,
                EventHubName = EventHubName,
                ConsumerGroup = ConsumerGroup,
                PartitionId = blob.Name["ownership/".Length..],
                OwnerIdentifier = blob.Metadata.TryGetValue(Owner, out var owner) ? owner : "",
                LastModifiedTime = blob.Properties.LastModified!.Value,
                Version = blob.Properties.ETag!.Value.ToString(),
            });
        }
        return found;
    }

    /// <summary>Of two that claim a partition the blob's tag lets one win; the other one gets nothing.</summary>
    protected override async Task<IEnumerable<EventProcessorPartitionOwnership>> ClaimOwnershipAsync(
        IEnumerable<EventProcessorPartitionOwnership> desired, CancellationToken cancellation)
    {
        var claimed = new List<EventProcessorPartitionOwnership>();
        foreach (var ownership in desired)
        {
            var conditions = ownership.Version is null
                ? new BlobRequestConditions { IfNoneMatch = ETag.All }
                : new BlobRequestConditions { IfMatch = new ETag(ownership.Version) };
            try
            {
                var written = await OwnershipOf(ownership.PartitionId).UploadAsync(BinaryData.Empty, new BlobUploadOptions
                {
                    Conditions = conditions,
                    // An owner that stops gives up its name, and metadata cannot be empty.
                    Metadata = ownership.OwnerIdentifier.Length == 0 ? null : new Dictionary<string, string> { [Owner] = ownership.OwnerIdentifier },
                }, cancellation);
                ownership.Version = written.Value.ETag.ToString();
                ownership.LastModifiedTime = written.Value.LastModified;
                claimed.Add(ownership);
            }
            catch (RequestFailedException error) when (error.Status is 409 or 412)
            {
                // Somebody else has it.
            }
        }
        return claimed;
    }

    protected override async Task<EventProcessorCheckpoint> GetCheckpointAsync(string partition, CancellationToken cancellation)
    {
        try
        {
            var properties = await CheckpointOf(partition).GetPropertiesAsync(cancellationToken: cancellation);
            return new()
            {
                FullyQualifiedNamespace = FullyQualifiedNamespace,
                EventHubName = EventHubName,
                ConsumerGroup = ConsumerGroup,
                PartitionId = partition,
                StartingPosition = EventPosition.FromOffset(properties.Value.Metadata[Offset], isInclusive: false),
            };
        }
        catch (RequestFailedException error) when (error.Status == 404)
        {
            return null!; // the base class takes it for "none", though its declaration does not say so
        }
    }

    protected override async Task UpdateCheckpointAsync(string partition, CheckpointPosition position, CancellationToken cancellation)
    {
        var metadata = new Dictionary<string, string>
        {
            [Offset] = position.OffsetString,
            ["sequencenumber"] = position.SequenceNumber.ToString(CultureInfo.InvariantCulture),
        };
        await CheckpointOf(partition).UploadAsync(BinaryData.Empty, new BlobUploadOptions { Metadata = metadata }, cancellation);
    }

    protected override async Task OnProcessingEventBatchAsync(
        IEnumerable<EventData> events, EventProcessorPartition partition, CancellationToken cancellation)
    {
        var batch = events.ToList();
        if (batch.Count == 0) return;
        await handle(partition.PartitionId, batch, cancellation);
        await UpdateCheckpointAsync(partition.PartitionId, CheckpointPosition.FromEvent(batch[^1]), cancellation);
    }

    protected override Task OnProcessingErrorAsync(
        Exception error, EventProcessorPartition? partition, string operation, CancellationToken cancellation)
    {
        failed(error);
        return Task.CompletedTask;
    }
}
