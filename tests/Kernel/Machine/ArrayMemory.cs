using Atoll.Mm;

namespace Atoll.Kernel.Tests.Machine;

/// <summary>Physical memory from address 0 in host pages. Opening what is not there fails the test.</summary>
internal readonly unsafe struct ArrayMemory(HostPages pages) : IPhysicalMemory
{
    /// <inheritdoc/>
    public Page* Open(ulong physical)
    {
        Assert.True(physical % HostPages.PageBytes == 0, $"0x{physical:x} is no page");
        return (Page*)pages.Page((int)(physical / HostPages.PageBytes));
    }

    /// <inheritdoc/>
    public Page* OpenRead(ulong physical) => Open(physical);
}
