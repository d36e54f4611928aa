using System.Runtime.InteropServices;

namespace Atoll.Services.Lib;

/// <summary>An end of a <see cref="ChannelSet"/>, in the memory of the set.</summary>
[StructLayout(LayoutKind.Sequential, Size = SizeBytes)]
[NonCopyable]
internal struct ChannelSetPlace
{
    /// <summary>Bytes of it: two cache lines.</summary>
    internal const int SizeBytes = 128;

    /// <summary>The end.</summary>
    internal RingChannel Channel;

    /// <summary>One more than the place of the next that is looked at; 0: it is the last.</summary>
    internal uint Next;

    /// <summary>Why the kernel has said that it is ready (<see cref="Abi.ChannelNews"/>), as far as that was not dealt with.</summary>
    internal byte News;

    /// <summary>Looks since the last message.</summary>
    internal byte EmptyLooks;

    /// <summary>Whether it is looked at: it stands in the line. Else it is announced asleep, or not open: the kernel will tell of it.</summary>
    internal bool IsHot;

    /// <summary>Whether the program has heard of its end.</summary>
    internal bool IsOver;
}
