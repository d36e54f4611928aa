using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Atoll.RingSampler.Machine;

/// <summary>The system calls of Linux that the measurement needs.</summary>
internal static unsafe partial class Linux
{
    private const int RUSAGE_THREAD = 1;
    private const int SCHED_RR = 2;
    private const int RLIMIT_RTTIME = 15;
    private const ulong UrgentMicrosecondsMax = 2_000_000;
    private const int MaskWords = 16;

    /// <summary>Processors that this process may run on, lowest number first.</summary>
    internal static IReadOnlyList<int> AllowedProcessors()
    {
        ulong* mask = stackalloc ulong[MaskWords];
        Require(sched_getaffinity(0, MaskWords * sizeof(ulong), mask) == 0, nameof(sched_getaffinity));
        List<int> allowed = [];
        for (int processor = 0; processor < MaskWords * 64; processor++)
        {
            if ((mask[processor / 64] >> (processor % 64) & 1) != 0)
            {
                allowed.Add(processor);
            }
        }

        return allowed;
    }

    /// <summary>Keeps the calling thread on one processor.</summary>
    internal static void Pin(int processor)
    {
        ulong* mask = stackalloc ulong[MaskWords];
        new Span<ulong>(mask, MaskWords).Clear();
        mask[processor / 64] = 1UL << (processor % 64);
        Require(sched_setaffinity(0, MaskWords * sizeof(ulong), mask) == 0, nameof(sched_setaffinity));
    }

    /// <summary>Lets the calling thread run ahead of all ordinary ones, where this process may ask for it.</summary>
    /// <remarks>
    /// Round robin, so that two benchmarks at once take turns: first come, first served would let each hold one processor and
    /// wait for ever for the other. And within a limit of time, past which the system ends the process: a thread that spins for
    /// nothing must not take the machine from everybody else. Nothing is asked for where the limit cannot be had.
    /// </remarks>
    /// <returns>Whether it may: the superuser may.</returns>
    internal static bool TryRunFirst()
    {
        var limit = new Limit { Soft = UrgentMicrosecondsMax, Hard = UrgentMicrosecondsMax };
        int priority = 1;
        return setrlimit(RLIMIT_RTTIME, &limit) == 0 && sched_setscheduler(0, SCHED_RR, &priority) == 0;
    }

    /// <summary>How often the calling thread lost its processor to another one while it wanted to run.</summary>
    internal static long InvoluntarySwitches()
    {
        ResourceUsage usage;
        Require(getrusage(RUSAGE_THREAD, &usage) == 0, nameof(getrusage));
        return usage.InvoluntarySwitches;
    }

    private static void Require(bool succeeded, string call)
    {
        if (!succeeded)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"{call}: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int sched_getaffinity(int thread, nint sizeBytes, ulong* mask);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int sched_setaffinity(int thread, nint sizeBytes, ulong* mask);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int sched_setscheduler(int thread, int policy, int* priority);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setrlimit(int resource, Limit* limit);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getrusage(int who, ResourceUsage* usage);

    /// <summary>struct rusage on 64-bit Linux: 18 longs, of which the last is the one wanted.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 144)]
    private struct ResourceUsage
    {
        [FieldOffset(136)] public long InvoluntarySwitches;
    }

    /// <summary>struct rlimit.</summary>
    private struct Limit
    {
        public ulong Soft;
        public ulong Hard;
    }
}
