using System.Collections.Concurrent;
using System.ComponentModel;

namespace Atoll.Testing;

/// <summary>What woven code calls at the beginning and the end of a method with a contract.</summary>
public static class ContractProbe
{
    private const int WarmUpCalls = 1;
    private const int AmortizedCallsMax = 8;

    private static readonly ConcurrentDictionary<string, ProbedMember> s_members = new(StringComparer.Ordinal);
    private static readonly ConcurrentQueue<ContractBreach> s_breaches = new();

    [ThreadStatic]
    private static ThreadState? t_state;

    static ContractProbe() => AppDomain.CurrentDomain.ProcessExit += static (_, _) => Disagreement.WriteAll(s_breaches, s_members.Values);

    /// <summary>Every breach since the process began, also those whose exception somebody caught.</summary>
    public static IReadOnlyCollection<ContractBreach> Breaches => s_breaches;

    /// <summary>How often each method with a contract has been called.</summary>
    public static IReadOnlyDictionary<string, int> Calls => s_members.ToDictionary(one => one.Key, one => one.Value.Calls);

    /// <summary>Begins a call. Woven code only.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static ProbeFrame Enter(string member, int guarantees, string verdict)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        ThreadState state = t_state ??= new ThreadState();
        ProbedMember probed = s_members.TryGetValue(member, out ProbedMember? known) ? known
            : s_members.GetOrAdd(member, new ProbedMember(member, (ProbedGuarantees)guarantees, verdict));
        int call = probed.BeginCall();
        if (probed.Has(ProbedGuarantees.NoThrow))
        {
            ExceptionWatch.Start();
        }

        bool isReentered = probed.Has(ProbedGuarantees.NoRecursion) && state.Open.Contains(probed);
        state.Open.Add(probed);
        ContentionMark contentions = probed.Has(ProbedGuarantees.NoLock | ProbedGuarantees.NoBlock) ? ContentionWatch.Begin() : default;
        long now = GC.GetAllocatedBytesForCurrentThread();
        state.Excused += now - before;
        return new ProbeFrame(probed, call, isReentered, now, state.Excused, contentions);
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
        if (frame.Call > WarmUpCalls && hasReturned)
        {
            frame.Member.EndWarmCall(bytes);
        }

        if (frame.Member.Has(ProbedGuarantees.AllowAlloc) || frame.Call <= WarmUpCalls)
        {
            // Allowed, or built once: nobody above is to blame for it either.
            state.Excused += bytes;
        }

        if (Find(frame, hasReturned, bytes) is { } breach)
        {
            s_breaches.Enqueue(breach);
            throw new ContractBreachException(breach);
        }
    }

    private static ContractBreach? Find(in ProbeFrame frame, bool hasReturned, long bytes)
    {
        ProbedMember member = frame.Member;
        if (member.Has(ProbedGuarantees.NoGC) && hasReturned && bytes > 0 && frame.Call > WarmUpCalls)
        {
            return Breach("NoGC", $"allocated {bytes} bytes", frame);
        }

        if (member.Has(ProbedGuarantees.NoThrow) && !hasReturned)
        {
            return Breach("NoThrow", $"was left by {ExceptionWatch.Last}", frame);
        }

        if (frame.IsReentered)
        {
            return Breach("NoRecursion", "was called while it was running", frame);
        }

        if (member.Has(ProbedGuarantees.Amortized) && member.AllocatingCallsInARow >= AmortizedCallsMax)
        {
            return Breach("AllowAlloc(Amortized = true)", $"allocated in each of its last {member.AllocatingCallsInARow} calls", frame);
        }

        return member.Has(ProbedGuarantees.NoLock | ProbedGuarantees.NoBlock) && ContentionWatch.HasWaited(frame.ContentionsBefore)
            ? Breach(member.Has(ProbedGuarantees.NoLock) ? "NoLock" : "NoBlock", "waited for a lock", frame)
            : null;
    }

    private static ContractBreach Breach(string contract, string measured, in ProbeFrame frame) =>
        new(frame.Member.Name, contract, measured, frame.Call, frame.Member.Verdict);

    private sealed class ThreadState
    {
        /// <summary>Methods in progress, the innermost last.</summary>
        public List<ProbedMember> Open { get; } = new(64);

        /// <summary>Bytes that nobody is to blame for.</summary>
        public long Excused { get; set; }
    }
}
