using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Net.Stack;

namespace Atoll.Services.Net;

/// <summary>What the system gives the stack.</summary>
public struct NetMemory
{
    /// <summary>Memory that nobody else has.</summary>
    public MemoryRegion Pools;

    /// <summary>The channel to the driver, which gives the memory of packets.</summary>
    public GrantRecord Link;

    /// <summary>Slot of the channel to who supervises the driver; 0: none.</summary>
    public uint Watch;

    /// <summary>Memory in common with who misses this stack when it hangs; empty: nobody does.</summary>
    public MemoryRegion Beat;

    /// <summary>Slot of the program's own address space, in which that memory is mapped.</summary>
    public uint Space;

    /// <summary>Ticks of the time-stamp counter a second.</summary>
    public ulong TscHz;

    /// <summary>A secret for sequence numbers, ports and cookies.</summary>
    public SecretKey Key;

    /// <summary>An Ethernet address to begin with, before a device tells its own: one of those that are given locally.</summary>
    public readonly MacAddress FirstStation => new(0x0200_0000_0001);

    /// <summary>
    /// Makes the secret of when things happen: the time-stamp counter between system calls. Nobody outside the machine sees it, but it is no good source of
    /// randomness (docs/caveats.md).
    /// </summary>
    public static SecretKey DrawKey()
    {
        const int draws = 64;
        const ulong multiplier = 0x9E37_79B9_7F4A_7C15;
        SecretKey key = new() { Low = Ipc.Now(), High = multiplier };
        for (int draw = 0; draw < draws; draw++)
        {
            _ = Ipc.Nothing();
            key.Low = (key.Low ^ Ipc.Now()) * multiplier;
            key.High = (key.High + (key.Low >> 29)) * (multiplier ^ (key.Low << 1));
        }

        return key;
    }
}
