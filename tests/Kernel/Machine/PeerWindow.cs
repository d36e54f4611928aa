namespace Atoll.Kernel.Tests.Machine;

/// <summary>
/// An instance's peer region: addresses at which nothing is, until a page table entry maps a page of memory there.
/// </summary>
/// <remarks>
/// The host's own MMU enforces the rights: an access that the entry does not allow ends the test run.
/// </remarks>
internal sealed unsafe class PeerWindow : IDisposable
{
    private const int Shared = 1;
    private const int Private = 2;
    private const int Fixed = 0x10;
    private const int Anonymous = 0x20;
    private const ulong PresentBit = 1;
    private const ulong WritableBit = 2;
    private const ulong AddressBits = 0x000F_FFFF_FFFF_F000;
    private readonly SharedRam _ram;
    private readonly nuint _bytes;

    /// <summary>Reserves addresses for so many pages.</summary>
    public PeerWindow(SharedRam ram, int pages)
    {
        _ram = ram;
        _bytes = (nuint)pages * HostPages.PageBytes;
        Start = (byte*)SharedRam.Map(null, _bytes, 0, Private | Anonymous, -1, 0);
        Assert.True(Start != (byte*)-1, "no addresses");
    }

    /// <summary>First address.</summary>
    public byte* Start { get; }

    /// <summary>
    /// Does what an entry says (Intel SDM Vol. 3A, "4-Level Paging": bits 0 and 1, address in 51:12).
    /// </summary>
    public void Apply(uint slot, ulong entry)
    {
        byte* address = Start + (slot * HostPages.PageBytes);
        bool isPresent = (entry & PresentBit) != 0;
        int rights = SharedRam.Read | ((entry & WritableBit) != 0 ? SharedRam.Write : 0);
        void* mapped = isPresent
            ? SharedRam.Map(
                address, HostPages.PageBytes, rights, Shared | Fixed, _ram.File, (nint)(entry & AddressBits))
            : SharedRam.Map(address, HostPages.PageBytes, 0, Private | Anonymous | Fixed, -1, 0);
        Assert.True(mapped == address, $"entry 0x{entry:x} cannot be mapped");
    }

    /// <inheritdoc/>
    public void Dispose() => SharedRam.Unmap(Start, _bytes);
}
