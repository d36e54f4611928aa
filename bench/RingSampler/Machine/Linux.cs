using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Atoll.RingSampler.Machine;

/// <summary>The system calls of Linux that the measurement needs.</summary>
internal static unsafe partial class Linux
{
    private const int RUSAGE_THREAD = 1;
    private const int SCHED_FIFO = 1;
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
    /// <returns>Whether it may: the superuser may.</returns>
    internal static bool TryRunFirst()
    {
        int priority = 1;
        return sched_setscheduler(0, SCHED_FIFO, &priority) == 0;
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
    private static partial int getrusage(int who, ResourceUsage* usage);

    /// <summary>struct rusage on 64-bit Linux: 18 longs, of which the last is the one wanted.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 144)]
    private struct ResourceUsage
    {
        [FieldOffset(136)] public long InvoluntarySwitches;
    }
}
