using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Pci;

/// <summary>The tables of interrupts of devices: only this program writes there, so no driver says where a device's messages go.</summary>
/// <remarks>Source: PCI Local Bus Specification 3.0, "MSI-X Capability and Table Structures".</remarks>
internal static class InterruptTable
{
    private const uint EntryBytes = 16;
    private const uint PageBytes = (uint)ImageLayout.PageSizeBytes;

    /// <summary>Maps the page that a function's table begins in.</summary>
    /// <param name="function">The function.</param>
    /// <param name="memory">The registers among which it lies.</param>
    /// <param name="sizeBits">log2 of their bytes.</param>
    /// <param name="node">The program's own CNode.</param>
    /// <param name="slot">An empty slot, for the page.</param>
    /// <param name="scratch">Another.</param>
    /// <param name="space">Slot of the program's own address space.</param>
    /// <param name="place">A page of the window.</param>
    /// <param name="page">The page.</param>
    internal static bool TryMap(
        ref readonly BusFunction function,
        UntypedMemory memory,
        byte sizeBits,
        CNodeTable node,
        uint slot,
        uint scratch,
        uint space,
        uint place,
        out RegisterPage page)
    {
        page = default;
        uint skipped = function.TableOffset / PageBytes;
        if (function.TableOffset >= 1UL << sizeBits || skipped > MostSkipped)
        {
            return false;
        }

        SystemResult result = memory.Reset();
        for (uint before = 0; before < skipped && result == SystemResult.Ok; before++)
        {
            result = memory.RetypeAll(CapabilityType.Frame, node, scratch, ObjectSize.FrameBits);
            result = result == SystemResult.Ok ? node.Delete(scratch) : result;
        }

        result = result == SystemResult.Ok ? memory.RetypeAll(CapabilityType.Frame, node, slot, ObjectSize.FrameBits) : result;
        result = result == SystemResult.Ok ? RegisterPage.Map(new MemoryFrame(slot), space, place, out page) : result;
        return result == SystemResult.Ok;
    }

    /// <summary>Whether an entry lies in the page that <see cref="TryMap"/> maps.</summary>
    internal static bool Holds(ref readonly BusFunction function, uint vector) =>
        vector < function.Vectors && (function.TableOffset % PageBytes) + ((vector + 1) * EntryBytes) <= PageBytes;

    /// <summary>Writes an entry: from now on the device may send this message.</summary>
    internal static void Write(ref readonly BusFunction function, RegisterPage page, uint vector, InterruptMessage message)
    {
        uint at = (function.TableOffset % PageBytes) + (vector * EntryBytes);
        page.Write32(at, (uint)message.Address);
        page.Write32(at + 4, (uint)(message.Address >> 32));
        page.Write32(at + 8, message.Data);
        page.Write32(at + 12, 0);
    }

    // Pages of a table that lies far behind its base address: each takes a call.
    private const uint MostSkipped = 256;
}
