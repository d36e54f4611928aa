using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Atoll.Abi;
using Atoll.Cap;

namespace Atoll.Remote;

/// <summary>A caller of another core, at the home of the endpoint that it calls: a thread that never runs waits in its place.</summary>
/// <remarks>So queues, reply objects, badges and the end of an endpoint do with it what they do with any caller. Only who wakes it is different (<see cref="ThreadFlags.Foreign"/>).</remarks>
[StructLayout(LayoutKind.Sequential, Size = SizeBytes)]
[NonCopyable]
public struct ForeignCaller
{
    /// <summary>Bytes of a record.</summary>
    public const int SizeBytes = (1 << ObjectSize.ThreadBits) + CapabilitySlot.SizeBytes;

    /// <summary>Has the message, and then the answer. First: it lies at the address of the record.</summary>
    public Thread Thread;

    /// <summary>Core of the caller.</summary>
    public uint Peer;

    /// <summary>Number of the caller's record there.</summary>
    public uint Number;

    /// <summary>Begins the wait: everything is set that those look at who deal with threads that wait.</summary>
    /// <param name="call">What is asked.</param>
    /// <param name="slot">The capability by which it is asked.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Begin(ref readonly RemoteCall call, ref readonly CapabilitySlot slot)
    {
        Thread.Context.Rax = (ulong)SystemResult.Ok;
        Thread.Context.Rsi = call.Header;
        Thread.Context.Rdx = call.Word0;
        Thread.Context.R10 = call.Word1;
        Thread.Context.R8 = call.Word2;
        Thread.Context.R9 = call.Word3;
        Thread.State = ThreadState.Ready;
        Thread.Flags = call.IsCall ? ThreadFlags.Foreign | ThreadFlags.IsCall : ThreadFlags.Foreign;
        Thread.SendBadge = slot.Badge;

        // No capability crosses with a message.
        Thread.SendRights = CapabilityRights.Write | CapabilityRights.GrantReply;
        Thread.Next = default;
        Thread.Reply = default;
        Thread.SchedulingContext = default;
        Thread.Buffer = default;

        // It can name no capability here.
        Thread.PlainSlots = 0;
        Thread.CSpace.Type = CapabilityType.Null;
    }
}
