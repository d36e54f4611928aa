using System;

namespace Atoll.Firmware;

/// <summary>Reads what firmware and loader left in memory. Their pointers are untrusted.</summary>
public interface IFirmwareMemory
{
    /// <summary>Views a run of physical memory, or declines when it cannot be reached.</summary>
    /// <param name="physical">Any address.</param>
    /// <param name="length">Bytes, not negative.</param>
    /// <param name="view">The bytes when the answer is true. The first need not be aligned.</param>
    [MustUse]
    bool TryView(ulong physical, int length, out ReadOnlySpan<byte> view);
}
