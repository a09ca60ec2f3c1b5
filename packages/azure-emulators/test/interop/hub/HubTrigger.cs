using System.Reflection;
using Azure.Messaging.EventHubs;
using Microsoft.Azure.WebJobs.Description;
using Microsoft.Azure.WebJobs.Host;
using Microsoft.Azure.WebJobs.Host.Bindings;
using Microsoft.Azure.WebJobs.Host.Config;
using Microsoft.Azure.WebJobs.Host.Executors;
using Microsoft.Azure.WebJobs.Host.Listeners;
using Microsoft.Azure.WebJobs.Host.Protocols;
using Microsoft.Azure.WebJobs.Host.Triggers;

namespace Interop.Hub;

/// <summary>Calls a function of the WebJobs SDK with the batches of a hub: `([HubTrigger("hub")] EventData[] events)`.</summary>
[Binding]
[AttributeUsage(AttributeTargets.Parameter)]
sealed class HubTriggerAttribute(string hub) : Attribute
{
    public string Hub { get; } = hub;
}

/// <summary>What the trigger tells of each invocation that has come to its end, retries included.</summary>
sealed record Settled(string Partition, bool Succeeded);

sealed class HubTriggerExtension(Action<Settled> settled, Action<Exception> failed) : IExtensionConfigProvider
{
    public void Initialize(ExtensionConfigContext context) =>
        context.AddBindingRule<HubTriggerAttribute>().BindToTrigger(new Provider(settled, failed));

    sealed class Provider(Action<Settled> settled, Action<Exception> failed) : ITriggerBindingProvider
    {
        public Task<ITriggerBinding?> TryCreateAsync(TriggerBindingProviderContext context)
        {
            var attribute = context.Parameter.GetCustomAttribute<HubTriggerAttribute>();
            return Task.FromResult<ITriggerBinding?>(
                attribute is null ? null : new HubTriggerBinding(attribute.Hub, context.Parameter.Name!, settled, failed));
        }
    }
}

/// <summary>Without [SupportsRetry] the SDK refuses a function with a retry attribute.</summary>
[SupportsRetry]
sealed class HubTriggerBinding(string hub, string parameter, Action<Settled> settled, Action<Exception> failed) : ITriggerBinding
{
    const string InvocationId = "invocationId";

    public Type TriggerValueType => typeof(EventData[]);

    public IReadOnlyDictionary<string, Type> BindingDataContract { get; } =
        new Dictionary<string, Type> { [InvocationId] = typeof(Guid) };

    public Task<ITriggerData> BindAsync(object value, ValueBindingContext context)
    {
        var data = new Dictionary<string, object> { [InvocationId] = context.FunctionInstanceId };
        return Task.FromResult<ITriggerData>(new TriggerData(new Events((EventData[])value), data));
    }

    public Task<IListener> CreateListenerAsync(ListenerFactoryContext context) =>
        Task.FromResult<IListener>(new Listener(hub, context.Executor, settled, failed));

    public ParameterDescriptor ToParameterDescriptor() => new TriggerParameterDescriptor { Name = parameter, Type = "hubTrigger" };

    sealed class Events(EventData[] events) : IValueProvider
    {
        public Type Type => typeof(EventData[]);

        public Task<object> GetValueAsync() => Task.FromResult<object>(events);

        public string ToInvokeString() => $"{events.Length} events";
    }

    /// <summary>As the Event Hubs extension does, it goes on after a batch whose retries are used up.</summary>
    sealed class Listener : IListener
    {
        readonly BlobProcessor processor;

        public Listener(string hub, ITriggeredFunctionExecutor executor, Action<Settled> settled, Action<Exception> failed) =>
            processor = new(hub, "webjobs", async (partition, events, cancellation) =>
            {
                var result = await executor.TryExecuteAsync(new TriggeredFunctionData { TriggerValue = events.ToArray() }, cancellation);
                settled(new(partition, result.Succeeded));
            }, failed);

        public Task StartAsync(CancellationToken cancellation) => processor.Start();

        public Task StopAsync(CancellationToken cancellation) => processor.StopProcessingAsync(cancellation);

        public void Cancel() => processor.StopProcessing();

        public void Dispose()
        {
        }
    }
}
