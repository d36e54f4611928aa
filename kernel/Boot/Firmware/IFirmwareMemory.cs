namespace Atoll.Boot;

/// <summary>Reads what firmware and loader left in memory. Their pointers are untrusted.</summary>
public unsafe interface IFirmwareMemory
{
    /// <summary>Views a run of physical memory, or declines when it cannot be reached.</summary>
    /// <param name="physical">Any address.</param>
    /// <param name="length">Bytes.</param>
    /// <param name="pointer">First byte when the answer is true. Need not be aligned.</param>
    [MustUse]
    bool TryView(ulong physical, ulong length, out byte* pointer);
}
