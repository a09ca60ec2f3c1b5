// One check of the real clients against the Event Hubs emulator: `Interop <check>`. It prints what it saw on one line and
// ends with 0; or it says on stderr what is wrong and ends with 1. `npm run interop` starts the emulators and all checks.
using Interop;
using Interop.Checks;

var checks = new Dictionary<string, Func<Task<string>>>
{
    ["properties"] = PropertiesCheck.Run,
    ["send"] = SendCheck.Run,
    ["receive"] = ReceiveCheck.Run,
    ["epoch"] = EpochCheck.Run,
    ["balance"] = BalanceMember.Run,
    ["identity"] = IdentityCheck.Run,
    ["retry"] = RetryCheck.Run,
};

if (args.Length != 1 || !checks.TryGetValue(args[0], out var check))
{
    Console.Error.WriteLine($"Usage: Interop {string.Join(" | ", checks.Keys)}");
    return 2;
}
try
{
    Console.WriteLine(await check());
    return 0;
}
catch (Exception error)
{
    Console.Error.WriteLine(error is CheckFailed ? error.Message : error.ToString());
    return 1;
}
