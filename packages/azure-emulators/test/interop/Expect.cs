namespace Interop;

sealed class CheckFailed(string message) : Exception(message);

static class Expect
{
    public static void Equal<T>(string what, T expected, T found)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, found))
        {
            throw new CheckFailed($"{what}: expected {expected}, found {found}.");
        }
    }

    public static void Same<T>(string what, IEnumerable<T> expected, IEnumerable<T> found) =>
        Equal(what, string.Join(' ', expected), string.Join(' ', found));

    /// <summary>The action ends in this exception; returns it.</summary>
    public static async Task<E> Throws<E>(string what, Func<Task> action) where E : Exception
    {
        try
        {
            await action();
        }
        catch (E error)
        {
            return error;
        }
        throw new CheckFailed($"{what}: expected a {typeof(E).Name}, and there was none.");
    }
}
