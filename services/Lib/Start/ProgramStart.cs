using System;
using Atoll.Abi;

namespace Atoll.Services.Lib;

/// <summary>What a program finds when it begins: who it is, and what it was given (<see cref="ProgramInformation"/>).</summary>
/// <remarks>Init writes the page before the program runs, and nobody writes it afterwards: it is believed.</remarks>
public readonly ref struct ProgramStart
{
    private readonly ref readonly ProgramInformation _told;

    private ProgramStart(ref readonly ProgramInformation told) => _told = ref told;

    /// <summary>The core that it runs on.</summary>
    public uint Core => _told.Core;

    /// <summary>Cores of the machine that were meant to get an instance.</summary>
    public uint Cores => _told.Cores;

    /// <summary>TSC ticks a second.</summary>
    public ulong TscHz => _told.TscHz;

    /// <summary>Its position in the system.</summary>
    public uint Index => _told.Index;

    /// <summary>How often it was started on this core before.</summary>
    public uint Restarts => _told.Restarts;

    /// <summary>Its name in the system, UTF-8.</summary>
    public ReadOnlySpan<byte> Name => Text.OfName(in _told.Name);

    /// <summary>What the system says to it, UTF-8.</summary>
    public ReadOnlySpan<byte> Arguments => Text.OfArguments(in _told.Arguments).Slice(0, (int)_told.ArgumentBytes);

    /// <summary>Its reply objects.</summary>
    public ReplySlots Replies => new(_told.FirstReply, _told.Replies);

    /// <summary>Reads the page.</summary>
    [Trusted(Safety = "Init maps the page there, readable, for as long as the program lives.")]
    public static unsafe ProgramStart Begin() => new(ref *(ProgramInformation*)ProgramInformation.Address);

    /// <summary>Finds what was given under a name.</summary>
    /// <param name="name">As in the manifest.</param>
    /// <param name="grant">What it is.</param>
    /// <returns>False: it is optional, and the system does not give it.</returns>
    public bool TryFind(ReadOnlySpan<byte> name, out GrantRecord grant)
    {
        for (int index = 0; index < ProgramInformation.GrantsMax && index < _told.GrantCount; index++)
        {
            if (Text.AreEqual(Text.OfName(in _told.Grants[index].Name), name))
            {
                grant = _told.Grants[index];
                return true;
            }
        }

        grant = default;
        return false;
    }

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
