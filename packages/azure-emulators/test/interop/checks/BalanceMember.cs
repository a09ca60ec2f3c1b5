using Interop.Hub;

namespace Interop.Checks;

/// <summary>
/// One of the processes that share a hub. It prints `partition sequence-number` for each event that it has handled, and
/// goes on until its input ends or it is killed; the command that started it says whether all of them together did well.
/// </summary>
static class BalanceMember
{
    public static async Task<string> Run()
    {
        var handled = 0;
        var processor = new BlobProcessor("balance", $"member-{Environment.ProcessId}", (partition, events, _) =>
        {
            foreach (var each in events) Console.WriteLine($"{partition} {each.SequenceNumber}");
            handled += events.Count;
            return Task.CompletedTask;
        }, error => Console.Error.WriteLine(error.Message));
        await processor.Start();
        await Console.In.ReadToEndAsync();
        await processor.StopProcessingAsync();
        return $"stopped after {handled} events";
    }
}
