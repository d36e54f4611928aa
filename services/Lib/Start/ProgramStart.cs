using System;
using Atoll.Abi;

namespace Atoll.Services.Lib;

/// <summary>What a program finds when it begins: who it is, and what it was given (<see cref="ProgramInformation"/>).</summary>
/// <remarks>Init writes the page before the program runs, and nobody writes it afterwards: it is believed.</remarks>
public readonly struct ProgramStart
{
    [Trusted(Safety = "Init maps the page there, readable, for as long as the program lives.")]
    private static unsafe ref readonly ProgramInformation Told => ref *(ProgramInformation*)ProgramInformation.Address;

    /// <summary>The core that it runs on.</summary>
    public uint Core => Told.Core;

    /// <summary>Cores of the machine that were meant to get an instance.</summary>
    public uint Cores => Told.Cores;

    /// <summary>TSC ticks a second.</summary>
    public ulong TscHz => Told.TscHz;

    /// <summary>Its position in the system.</summary>
    public uint Index => Told.Index;

    /// <summary>How often it was started on this core before.</summary>
    public uint Restarts => Told.Restarts;

    /// <summary>Its name in the system, UTF-8.</summary>
    public ReadOnlySpan<byte> Name => Text.OfName(in Told.Name);

    /// <summary>What the system says to it, UTF-8.</summary>
    public ReadOnlySpan<byte> Arguments => Text.OfArguments(in Told.Arguments).Slice(0, (int)Told.ArgumentBytes);

    /// <summary>Its reply objects.</summary>
    public ReplySlots Replies => new(Told.FirstReply, Told.Replies);

    /// <summary>What this program was told.</summary>
    public static ProgramStart Begin() => default;

    /// <summary>Finds what was given under a name.</summary>
    /// <param name="name">As in the manifest.</param>
    /// <param name="grant">What it is.</param>
    /// <returns>False: it is optional, and the system does not give it.</returns>
    public bool TryFind(ReadOnlySpan<byte> name, out GrantRecord grant)
    {
        for (int index = 0; index < ProgramInformation.GrantsMax && index < Told.GrantCount; index++)
        {
            if (Text.AreEqual(Text.OfName(in Told.Grants[index].Name), name))
            {
                grant = Told.Grants[index];
                return true;
            }
        }

        grant = default;
        return false;
    }

    /// <summary>Finds the many ends of channels that were given under a name: a need with a count.</summary>
    /// <param name="name">As in the manifest.</param>
    /// <param name="first">The record of the first ends. Slots and pages of the others follow.</param>
    /// <returns>How many ends there are; 0: the system gives none.</returns>
    public uint FindAll(ReadOnlySpan<byte> name, out GrantRecord first)
    {
        uint count = 0;
        first = default;
        for (int index = 0; index < ProgramInformation.GrantsMax && index < Told.GrantCount; index++)
        {
            if (Told.Grants[index].Count != 0 && Text.AreEqual(Text.OfName(in Told.Grants[index].Name), name))
            {
                first = count == 0 ? Told.Grants[index] : first;
                count += Told.Grants[index].Count;
            }
        }

        return count;
    }

    /// <summary>Finds the region that is mapped under a name.</summary>
    /// <param name="name">As in the manifest.</param>
    /// <returns>An empty region when the system does not give it.</returns>
    public MemoryRegion Region(ReadOnlySpan<byte> name) =>
        TryFind(name, out GrantRecord grant) && grant.Kind == GrantKind.Region ? new MemoryRegion(grant.Argument, grant.Badge) : default;

    /// <summary>Slot of what was given under a name.</summary>
    /// <param name="name">As in the manifest.</param>
    /// <returns>0, which names nothing, when the system does not give it.</returns>
    public uint Find(ReadOnlySpan<byte> name) => TryFind(name, out GrantRecord grant) ? grant.Slot : ProgramSlot.Null;
}

/// <summary>The reply objects of a program: consecutive slots.</summary>
/// <param name="first">Slot of the first.</param>
/// <param name="count">How many.</param>
public readonly struct ReplySlots(uint first, uint count)
{
    /// <summary>Slot of the first.</summary>
    public uint First => first;

    /// <summary>How many.</summary>
    public uint Count => count;
}
