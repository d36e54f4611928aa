using System.Reflection;

namespace Atoll.Contracts.Generator;

/// <summary>Members that are made to wait. That is what they are for, so nothing has to be proved by a run.</summary>
internal static class BlockingMembers
{
    private const string Locks = "lb";
    private const string Waits = "b";

    private static readonly (Type Type, string[] Names, string Letters)[] s_members =
    [
        (typeof(Monitor), ["Enter", "TryEnter", "Wait"], Locks),
        (typeof(Lock), ["Enter", "TryEnter", "EnterScope"], Locks),
        (typeof(SpinLock), ["Enter", "TryEnter"], Locks),
        (typeof(SemaphoreSlim), ["Wait"], Locks),
        (typeof(ReaderWriterLockSlim), ["EnterReadLock", "EnterWriteLock", "EnterUpgradeableReadLock", "TryEnterReadLock", "TryEnterWriteLock", "TryEnterUpgradeableReadLock"], Locks),
        (typeof(ReaderWriterLock), ["AcquireReaderLock", "AcquireWriterLock", "UpgradeToWriterLock"], Locks),
        (typeof(WaitHandle), ["WaitOne", "WaitAll", "WaitAny", "SignalAndWait"], Locks),
        (typeof(Barrier), ["SignalAndWait"], Locks),
        (typeof(CountdownEvent), ["Wait"], Waits),
        (typeof(ManualResetEventSlim), ["Wait"], Waits),
        (typeof(Thread), ["Sleep", "Join", "SpinWait", "Yield"], Waits),
        (typeof(SpinWait), ["SpinUntil"], Waits),
        (typeof(Task), ["Wait", "WaitAll", "WaitAny", "RunSynchronously"], Waits),
        (typeof(Task<>), ["get_Result"], Waits),
        (typeof(ValueTask<>), ["get_Result"], Waits),
        (typeof(System.Runtime.CompilerServices.TaskAwaiter), ["GetResult"], Waits),
        (typeof(System.Runtime.CompilerServices.TaskAwaiter<>), ["GetResult"], Waits),
        (typeof(System.Runtime.CompilerServices.ValueTaskAwaiter), ["GetResult"], Waits),
        (typeof(System.Runtime.CompilerServices.ValueTaskAwaiter<>), ["GetResult"], Waits),
        (typeof(Console), ["Read", "ReadKey", "ReadLine", "Write", "WriteLine", "Beep"], Waits),
        (typeof(File), ["ReadAllText", "ReadAllBytes", "ReadAllLines", "WriteAllText", "WriteAllBytes", "WriteAllLines", "AppendAllText", "Copy", "Move", "Delete", "Open", "OpenRead", "OpenWrite", "Exists"], Waits),
    ];

    /// <summary>Documentation ids with their letters.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } = s_members
        .SelectMany(one => one.Type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .Where(method => one.Names.Contains(method.Name))
            .Select(method => (Id: (method.IsVirtual && !method.IsFinal ? "V" : "M") + DocumentationId.Of(method)[1..], one.Letters)))
        .ToDictionary(one => one.Id, one => one.Letters);

    /// <summary>A line with what these say about locks and waiting in the place of what the IL says.</summary>
    public static string Merge(string id, string letters) =>
        !All.TryGetValue(id, out string? own) ? letters
        : string.Concat(letters.Where(letter => !own.Contains(char.ToLowerInvariant(letter), StringComparison.Ordinal))) + own;
}
