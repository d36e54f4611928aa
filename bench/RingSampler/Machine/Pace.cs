using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Atoll.RingSampler.Machine;

/// <summary>What every waiting loop does between two looks: reads the time once, and pauses now and then.</summary>
/// <remarks>
/// The read is what a kernel needs for its deadline anyway, and spaces the looks so that they do not pull the line back and
/// forth. The pause is for emulators that give another core no time without one.
/// </remarks>
internal struct Pace
{
    private const uint LooksPerPause = 16;

    private uint _looks;

    /// <summary>Lets a little time pass.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Wait()
    {
        TimestampCounter.Read();
        if (++_looks % LooksPerPause == 0)
        {
            X86Base.Pause();
        }
    }
}
