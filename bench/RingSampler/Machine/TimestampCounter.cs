using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Atoll.RingSampler.Machine;

/// <summary>The processor's time stamp counter, in ticks.</summary>
/// <remarks>
/// The base class library has no RDTSC. So its four instructions stand in a page of executable memory and are called through a
/// function pointer without a change of the collector's mode: a CALL, not a system call.
/// </remarks>
internal static unsafe partial class TimestampCounter
{
    private const int PROT_READ = 1;
    private const int PROT_WRITE = 2;
    private const int PROT_EXEC = 4;
    private const int MAP_PRIVATE = 2;
    private const int MAP_ANONYMOUS = 0x20;
    private const nuint PageBytes = 4096;

    private static readonly delegate* unmanaged[SuppressGCTransition]<ulong> s_read = Emit();

    /// <summary>RDTSC: neither waits for earlier instructions nor holds up later ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Read() => s_read();

    /// <summary>Makes <see cref="Read"/> ready, so that code compiled from now on needs no check whether it is.</summary>
    internal static void Prepare() => RuntimeHelpers.RunClassConstructor(typeof(TimestampCounter).TypeHandle);

    /// <summary>Its rate, held against the system's clock for a twentieth of a second.</summary>
    internal static double MeasureTicksPerNanosecond()
    {
        long start = Stopwatch.GetTimestamp();
        ulong first = Read();
        TimeSpan elapsed;
        do
        {
            elapsed = Stopwatch.GetElapsedTime(start);
        }
        while (elapsed < TimeSpan.FromMilliseconds(50));

        return (Read() - first) / elapsed.TotalNanoseconds;
    }

    private static delegate* unmanaged[SuppressGCTransition]<ulong> Emit()
    {
        // rdtsc; shl rdx, 32; or rax, rdx; ret
        ReadOnlySpan<byte> code = [0x0F, 0x31, 0x48, 0xC1, 0xE2, 0x20, 0x48, 0x09, 0xD0, 0xC3];
        void* page = mmap(null, PageBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if ((nint)page == -1)
        {
            throw new InvalidOperationException("no memory for the code that reads the time stamp counter");
        }

        code.CopyTo(new Span<byte>(page, code.Length));
        return mprotect(page, PageBytes, PROT_READ | PROT_EXEC) == 0
            ? (delegate* unmanaged[SuppressGCTransition]<ulong>)page
            : throw new InvalidOperationException("this system allows no code made at run time");
    }

    [LibraryImport("libc")]
    private static partial void* mmap(void* address, nuint sizeBytes, int protection, int flags, int file, nint offset);

    [LibraryImport("libc")]
    private static partial int mprotect(void* address, nuint sizeBytes, int protection);
}
