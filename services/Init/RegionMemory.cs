using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Init;

/// <summary>Memory that programs share: made once, of Init's own memory, for as long as the system runs.</summary>
internal static class RegionMemory
{
    /// <summary>log2 of the pages of a region.</summary>
    internal static int PageBits(ref readonly RegionRecord region) =>
        region.PageBits == ObjectSize.LargeFrameBits ? ObjectSize.LargeFrameBits : ObjectSize.FrameBits;

    /// <summary>Makes all regions.</summary>
    internal static StartFailure Make(ref InitState state)
    {
        uint next = 0;
        for (uint index = 0; index < state.System.Header.RegionCount; index++)
        {
            ref readonly RegionRecord region = ref state.System.Region(index);
            byte bits = (byte)PageBits(in region);
            ulong pages = region.Bytes >> bits;
            if (pages > SlotMap.RegionPagesMax - next)
            {
                return StartFailure.OutOfSlots;
            }

            state.Regions[(int)index] = (byte)next;
            for (ulong page = 0; page < pages; page++)
            {
                if (state.Memory.Make(CapabilityType.Frame, bits, bits, state.Slots.RegionFrame(next++)) != SystemResult.Ok)
                {
                    return StartFailure.OutOfMemory;
                }
            }
        }

        return StartFailure.None;
    }
}
