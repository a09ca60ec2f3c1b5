using System.Collections.Concurrent;
using Azure.Messaging.EventHubs;
using Azure.Messaging.EventHubs.Producer;
using Interop.Hub;
using Microsoft.Azure.WebJobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Interop.Checks;

/// <summary>
/// The WebJobs SDK's own retry loop, which the Functions host has under it, over our hub: the same batch comes again under
/// the same invocation id until it succeeds or its retries are used up, and only then the next one.
/// </summary>
static class RetryCheck
{
    const string Hub = "retry";
    const int Retries = 3;

    sealed record Attempt(string Body, Guid Invocation);

    static readonly ConcurrentQueue<Attempt> attempts = new();

    sealed class Functions
    {
        /// <summary>"fails twice" fails two times, "fails always" every time, others never.</summary>
        [FixedDelayRetry(Retries, "00:00:00.200")]
        public static void Handle([HubTrigger(Hub)] EventData[] events, Guid invocationId)
        {
            var body = events[0].EventBody.ToString();
            attempts.Enqueue(new(body, invocationId));
            var before = attempts.Count(attempt => attempt.Body == body) - 1;
            if (body == "fails always" || (body == "fails twice" && before < 2)) throw new InvalidOperationException(body);
        }
    }

    sealed class OneType : ITypeLocator
    {
        public IReadOnlyList<Type> GetTypes() => [typeof(Functions)];
    }

    public static async Task<string> Run()
    {
        var settled = new ConcurrentQueue<Settled>();
        var failed = new ConcurrentQueue<Exception>();
        using var host = new HostBuilder()
            .ConfigureWebJobs(builder => builder.AddExtension(new HubTriggerExtension(settled.Enqueue, failed.Enqueue)))
            .ConfigureServices(services => services.AddSingleton<ITypeLocator, OneType>())
            .ConfigureLogging(logging => logging.ClearProviders())
            .Build();
        await host.StartAsync();

        string[] bodies = ["fails twice", "well", "fails always", "well again"];
        await using var producer = Settings.Producer(Hub);
        for (var index = 0; index < bodies.Length; index++)
        {
            // One after the other, so that each is a batch of its own.
            await producer.SendAsync([new EventData(bodies[index])], new SendEventOptions { PartitionId = "0" });
            await Until(() => settled.Count > index, bodies[index], failed);
        }
        await host.StopAsync();

        Expect.Same("results", [true, true, false, true], settled.Select(each => each.Succeeded));
        Expect.Same("attempts", [3, 1, 1 + Retries, 1], bodies.Select(body => attempts.Count(attempt => attempt.Body == body)));
        Expect.Same("invocation ids for each batch", [1, 1, 1, 1],
            bodies.Select(body => attempts.Where(attempt => attempt.Body == body).Select(attempt => attempt.Invocation).Distinct().Count()));
        Expect.Equal("invocation ids in all", bodies.Length, attempts.Select(attempt => attempt.Invocation).Distinct().Count());
        return $"3 attempts under one invocation id, then success; given up after {Retries} retries, then the next batch";
    }

    static async Task Until(Func<bool> condition, string what, IEnumerable<Exception> failed)
    {
        using var patience = new CancellationTokenSource(Settings.Patience);
        while (!condition())
        {
            if (failed.FirstOrDefault() is { } error) throw new CheckFailed($"'{what}': the processor failed: {error}");
            if (patience.IsCancellationRequested) throw new CheckFailed($"'{what}' was not settled in {Settings.Patience.TotalSeconds} s.");
            await Task.Delay(50);
        }
    }
}
