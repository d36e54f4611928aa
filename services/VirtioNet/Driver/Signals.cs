using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.VirtioNet;

/// <summary>The notification that ends the driver's waits, made of its own memory: the device signals it, and the kernel when a stack rings.</summary>
internal struct Signals
{
    private const ulong ReceiveBit = 1;
    private const ulong SendBit = 2;
    private const int FirstStackBit = 2;

    private uint _first;

    // Consecutive slots: the notification, and one for each bit.
    private const uint Receive = 1;
    private const uint Send = 2;
    private const uint FirstStack = 3;

    /// <summary>Slots that it needs.</summary>
    internal const uint SlotsNeeded = FirstStack + FrameTransfer.StacksMax;

    /// <summary>What a stack's channel signals.</summary>
    internal readonly ulong OfStack(uint stack) => _first + FirstStack + stack;

    /// <summary>Whether frames may have come.</summary>
    internal static bool TellsOfReceived(ulong bits) => (bits & ReceiveBit) != 0;

    /// <summary>Whether frames may have gone that others waited for.</summary>
    internal static bool TellsOfSent(ulong bits) => (bits & SendBit) != 0;

    /// <summary>Stacks whose channels have signalled, a bit each.</summary>
    internal static uint StacksOf(ulong bits) => (uint)(bits >> FirstStackBit) & FrameTransfer.AllStacks;

    /// <summary>Makes it.</summary>
    /// <param name="node">The program's own CNode.</param>
    /// <param name="first">The first of its slots.</param>
    /// <param name="memory">The program's own memory.</param>
    internal SystemResult Begin(CNodeTable node, uint first, UntypedMemory memory)
    {
        _first = first;
        SystemResult result = memory.RetypeAll(CapabilityType.Notification, node, first);
        result = result == SystemResult.Ok ? node.Mint(first + Receive, node, first, CapabilityRights.Write, ReceiveBit) : result;
        result = result == SystemResult.Ok ? node.Mint(first + Send, node, first, CapabilityRights.Write, SendBit) : result;
        for (uint stack = 0; stack < FrameTransfer.StacksMax && result == SystemResult.Ok; stack++)
        {
            result = node.Mint(first + FirstStack + stack, node, first, CapabilityRights.Write, 1UL << (FirstStackBit + (int)stack));
        }

        return result;
    }

    /// <summary>Has the interrupts of a queue end waits.</summary>
    internal readonly SystemResult Listen(InterruptLine line, ushort queue) =>
        line.SetNotification(_first + (queue == VirtioRegisters.ReceiveQueue ? Receive : Send));

    /// <summary>Waits.</summary>
    /// <param name="bells">Stacks that are rung first.</param>
    /// <param name="deadline">Until when, at most.</param>
    /// <param name="bits">What was signalled; 0: the time has come.</param>
    /// <returns>False: there is nothing to wait for any more.</returns>
    internal readonly bool TryWait(ref Bells bells, ulong deadline, out ulong bits)
    {
        SystemResult result = Ipc.RingAndWait(_first, ref bells, out bits, deadline);
        bits = result == SystemResult.Ok ? bits : 0;
        return result is SystemResult.Ok or SystemResult.TimedOut or SystemResult.Cancelled;
    }
}
