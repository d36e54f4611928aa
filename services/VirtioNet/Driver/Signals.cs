using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.VirtioNet;

/// <summary>The notification that ends the driver's waits, made of its own memory: it dies with the driver, and who signals it learns that.</summary>
internal struct Signals
{
    private const ulong ReceiveBit = 1;
    private const ulong SendBit = 2;
    private const ulong DoorbellBit = 4;

    private CNodeTable _node;
    private uint _first;

    /// <summary>Bits of interrupts.</summary>
    internal const ulong Interrupts = ReceiveBit | SendBit;

    // Consecutive slots: the notification, one for each bit, and what the stack gives.
    private const uint Receive = 1;
    private const uint Send = 2;
    private const uint DoorbellSlot = 3;
    private const uint WakeSlot = 4;

    /// <summary>Slots that it needs.</summary>
    internal const uint SlotsNeeded = 5;

    /// <summary>What the stack signals.</summary>
    internal readonly SignalWord Doorbell => new(_first + DoorbellSlot);

    /// <summary>Makes it, and binds it to the thread in place of Init's.</summary>
    /// <param name="node">The program's own CNode.</param>
    /// <param name="first">The first of its slots.</param>
    /// <param name="memory">The program's own memory.</param>
    /// <param name="thread">The program's own thread.</param>
    internal SystemResult Begin(CNodeTable node, uint first, UntypedMemory memory, ThreadControl thread)
    {
        _node = node;
        _first = first;
        SystemResult result = memory.RetypeAll(CapabilityType.Notification, node, first);
        result = result == SystemResult.Ok ? node.Mint(first + Receive, node, first, CapabilityRights.Write, ReceiveBit) : result;
        result = result == SystemResult.Ok ? node.Mint(first + Send, node, first, CapabilityRights.Write, SendBit) : result;
        result = result == SystemResult.Ok ? node.Mint(first + DoorbellSlot, node, first, CapabilityRights.Write, DoorbellBit) : result;
        result = result == SystemResult.Ok ? thread.UnbindNotification() : result;
        return result == SystemResult.Ok ? thread.BindNotification(first) : result;
    }

    /// <summary>Has the interrupts of a queue end waits.</summary>
    internal readonly SystemResult Listen(InterruptLine line, ushort queue) =>
        line.SetNotification(_first + (queue == VirtioRegisters.ReceiveQueue ? Receive : Send));

    /// <summary>Keeps what a stack gives, in place of what another gave.</summary>
    internal readonly bool TryKeep(SignalWord wake) =>
        _node.Delete(_first + WakeSlot) == SystemResult.Ok && _node.Move(_first + WakeSlot, _node, (uint)wake.Address) == SystemResult.Ok;

    /// <summary>Wakes the stack.</summary>
    /// <returns>False: it is dead.</returns>
    internal readonly bool TryWake() => new SignalWord(_first + WakeSlot).Signal() == SystemResult.Ok;
}
