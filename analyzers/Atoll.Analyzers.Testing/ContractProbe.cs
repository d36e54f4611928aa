using System.Collections.Concurrent;
using System.ComponentModel;

namespace Atoll.Testing;

/// <summary>What woven code calls at the beginning and the end of a method with a contract.</summary>
public static class ContractProbe
{
    private const int WarmUpCalls = 1;

    private static readonly ConcurrentDictionary<string, int> s_calls = new(StringComparer.Ordinal);
    private static readonly ConcurrentQueue<ContractBreach> s_breaches = new();

    [ThreadStatic]
    private static ThreadState? t_state;

    /// <summary>Every breach since the process began, also those whose exception somebody caught.</summary>
    public static IReadOnlyCollection<ContractBreach> Breaches => s_breaches;

    /// <summary>How often each method with a contract has been called.</summary>
    public static IReadOnlyDictionary<string, int> Calls => s_calls;

    /// <summary>Begins a call. Woven code only.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static ProbeFrame Enter(string member, int guarantees, string verdict)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        ThreadState state = t_state ??= new ThreadState();
        var kind = (ProbedGuarantees)guarantees;
        int call = kind == ProbedGuarantees.None ? 0 : s_calls.AddOrUpdate(member, 1, static (_, count) => count + 1);
        if (kind.HasFlag(ProbedGuarantees.NoThrow))
        {
            ExceptionWatch.Start();
        }

        bool isReentered = kind.HasFlag(ProbedGuarantees.NoRecursion) && state.Open.Contains(member);
        state.Open.Add(member);
        long contentions = kind.HasFlag(ProbedGuarantees.NoLock) ? ContentionWatch.Begin() : 0;
        long now = GC.GetAllocatedBytesForCurrentThread();
        state.Excused += now - before;
        return new ProbeFrame(member, kind, verdict, call, isReentered, GC.GetAllocatedBytesForCurrentThread(), state.Excused, contentions);
    }

    /// <summary>Ends a call. Woven code only.</summary>
    /// <exception cref="ContractBreachException">The call broke its contract.</exception>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static void Leave(in ProbeFrame frame, bool hasReturned)
    {
        long now = GC.GetAllocatedBytesForCurrentThread();
        ThreadState state = t_state!;
        state.Open.RemoveAt(state.Open.Count - 1);
        long bytes = now - frame.BytesBefore - (state.Excused - frame.ExcusedBefore);
        if (frame.Guarantees == ProbedGuarantees.None || frame.Call <= WarmUpCalls)
        {
            // Allowed, or built once: nobody above is to blame for it either.
            state.Excused += bytes;
        }

        if (frame.Guarantees != ProbedGuarantees.None && Find(frame, hasReturned, bytes) is { } breach)
        {
            s_breaches.Enqueue(breach);
            throw new ContractBreachException(breach);
        }
    }

    private static ContractBreach? Find(in ProbeFrame frame, bool hasReturned, long bytes)
    {
        if (frame.Guarantees.HasFlag(ProbedGuarantees.NoGC) && hasReturned && bytes > 0 && frame.Call > WarmUpCalls)
        {
            return new ContractBreach(frame.Member, "NoGC", $"allocated {bytes} bytes", frame.Call, frame.Verdict);
        }

        if (frame.Guarantees.HasFlag(ProbedGuarantees.NoThrow) && !hasReturned)
        {
            return new ContractBreach(frame.Member, "NoThrow", $"was left by {ExceptionWatch.Last}", frame.Call, frame.Verdict);
        }

        if (frame.IsReentered)
        {
            return new ContractBreach(frame.Member, "NoRecursion", "was called while it was running", frame.Call, frame.Verdict);
        }

        return frame.Guarantees.HasFlag(ProbedGuarantees.NoLock) && ContentionWatch.HasWaited(frame.ContentionsBefore)
            ? new ContractBreach(frame.Member, "NoLock", "waited for a lock", frame.Call, frame.Verdict)
            : null;
    }

    private sealed class ThreadState
    {
        /// <summary>Methods in progress, the innermost last.</summary>
        public List<string> Open { get; } = new(64);

        /// <summary>Bytes that nobody is to blame for.</summary>
        public long Excused { get; set; }
    }
}
