namespace Atoll.Testing;

/// <summary>Knows the last exception that was thrown on each thread.</summary>
internal static class ExceptionWatch
{
    [ThreadStatic]
    private static string? t_last;

    static ExceptionWatch() => AppDomain.CurrentDomain.FirstChanceException += static (_, thrown) =>
    {
        if (thrown.Exception is not ContractBreachException)
        {
            t_last = $"{thrown.Exception.GetType().FullName}: {thrown.Exception.Message}";
        }
    };

    /// <summary>Type and message, or that none was seen: thrown before anything was watched.</summary>
    public static string Last => t_last ?? "an exception";

    /// <summary>Begins to watch.</summary>
    public static void Start()
    {
        // The static constructor does it.
    }
}
