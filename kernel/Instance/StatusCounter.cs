using System.Threading;

namespace Atoll.Instance;

/// <summary>A number in a status page: its owner counts, others read.</summary>
[InterruptSafe, NoPanic, NoBlock]
public static class StatusCounter
{
    /// <summary>Counts on. For the one writer, so that nothing can come between the load and the store.</summary>
    public static void Add(ref ulong counter, ulong more) => Volatile.Write(ref counter, Volatile.Read(ref counter) + more);
}
