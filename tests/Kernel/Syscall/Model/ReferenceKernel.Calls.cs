using Atoll.Abi;
using Atoll.Cap;

namespace Atoll.Kernel.Tests.Syscall.Model;

/// <summary>What a program asks. Slots stand for addresses; null is an address that leads nowhere.</summary>
/// <param name="Number">RAX.</param>
/// <param name="Slot">Slot that RDI names.</param>
/// <param name="Header">RSI.</param>
/// <param name="Words">Message, where a word is no capability.</param>
/// <param name="Named">Slots that words name, by the number of the word.</param>
/// <param name="Reply">Slot that R12 names.</param>
/// <param name="Deadline">R13.</param>
public sealed record ModelCall(
    ulong Number, uint? Slot, MessageHeader Header, ulong[] Words, Dictionary<int, uint> Named, uint? Reply = null, ulong Deadline = 0)
{
    public bool DoesNotWait => (Number & SystemCallFlags.NonBlocking) != 0;

    public ulong? Until => DoesNotWait || (Number & SystemCallFlags.HasDeadline) == 0 ? null : Deadline == 0 ? 1 : Deadline;
}

/// <summary>This part: what a system call does first, and what it refuses.</summary>
public sealed partial class ReferenceKernel
{
    private const ulong AddressBits = 64;

    /// <summary>Capabilities by slot; other slots are empty.</summary>
    public Dictionary<uint, ModelCapability> Slots { get; } = [];

    /// <summary>Slots that there are.</summary>
    public uint SlotCount { get; init; }

    /// <summary>The running thread calls.</summary>
    /// <param name="call">What it asks.</param>
    /// <param name="address">What it passed as the address.</param>
    public void Call(ModelCall call, ulong address)
    {
        ModelThread caller = Running!;
        caller.Header = call.Header;
        caller.Words = call.Words;
        switch ((SystemCall)(call.Number & 0xFF))
        {
            case SystemCall.None:
                caller.Heard = new Heard(SystemResult.Ok);
                break;
            case SystemCall.Yield:
                caller.Heard = new Heard(SystemResult.Ok);
                Settle();
                Yield();
                break;
            case SystemCall.Call:
                Invoke(caller, call, address);
                break;
            case SystemCall.Send:
                SendTo(caller, call, address);
                break;
            case SystemCall.ReplyReceive when Find(call.Reply) is { Type: CapabilityType.Reply } reply:
                if (call.Header.Words > MessageHeader.WordsMax)
                {
                    caller.Heard = Heard.Refused(SystemResult.ArgumentInvalid, 0);
                    break;
                }

                _ = Answer((ModelReply)reply.Target!, caller);
                ReceiveFrom(caller, call, address);
                break;
            case SystemCall.ReplyReceive:
            case SystemCall.Receive:
                ReceiveFrom(caller, call, address);
                break;
            default:
                caller.Heard = new Heard(
                    (SystemResult)call.Number, true, address, call.Header.Raw, call.Words[0], call.Words[1], call.Words[2], call.Words[3]);
                Raise(caller, FaultKind.UnknownSystemCall, call.Number);
                break;
        }

        Next();
    }

    /// <summary>The running thread does what the processor refuses.</summary>
    public void Except(FaultKind kind, ulong address, ulong errorCode)
    {
        Running!.ErrorCode = errorCode;
        Raise(Running, kind, address);
        Next();
    }

    /// <summary>A device signals.</summary>
    public void Device(ModelNotification? notification, ulong badge)
    {
        if (Running is not null)
        {
            Running.ErrorCode = 0;
        }

        if (notification is not null)
        {
            Signal(notification, badge);
        }

        Interrupt();
    }

    private ModelCapability? Find(uint? slot) => slot is { } index ? Slots.GetValueOrDefault(index) : null;

    private void Invoke(ModelThread caller, ModelCall call, ulong address)
    {
        if (Find(call.Slot) is not { } capability)
        {
            Missing(caller, call, address);
        }
        else if (capability.Type == CapabilityType.Endpoint)
        {
            ToEndpoint(caller, call, address, capability, isCall: true);
        }
        else
        {
            Operate(caller, call, capability);
        }
    }

    private void SendTo(ModelThread sender, ModelCall call, ulong address)
    {
        sender.Heard = new Heard(SystemResult.Ok);
        switch (Find(call.Slot))
        {
            case null:
                Missing(sender, call, address);
                break;
            case { Type: CapabilityType.Endpoint } capability:
                ToEndpoint(sender, call, address, capability, isCall: false);
                break;
            case { Type: CapabilityType.Notification } capability when (capability.Rights & CapabilityRights.Write) == 0:
                Refuse(sender, SystemResult.RightMissing, (ulong)CapabilityRights.Write, address);
                break;
            case { Type: CapabilityType.Notification } capability:
                Signal((ModelNotification)capability.Target!, capability.Badge);
                break;
            case { Type: CapabilityType.Reply } when call.Header.Words > MessageHeader.WordsMax:
                sender.Heard = Heard.Refused(SystemResult.ArgumentInvalid, 0);
                break;
            case { Type: CapabilityType.Reply } capability:
                sender.Heard = new Heard(Answer((ModelReply)capability.Target!, sender));
                break;
            case { } capability:
                Refuse(sender, SystemResult.WrongType, (ulong)capability.Type, address);
                break;
        }
    }

    private void ToEndpoint(ModelThread sender, ModelCall call, ulong address, ModelCapability capability, bool isCall)
    {
        CapabilityRights needed = CapabilityRights.Write;
        if (isCall && (capability.Rights & CapabilityRights.Grant) == 0)
        {
            needed |= CapabilityRights.GrantReply;
        }

        if ((capability.Rights & needed) != needed)
        {
            Refuse(sender, SystemResult.RightMissing, (ulong)(needed & ~capability.Rights), address);
            return;
        }

        if (call.Header.Words > MessageHeader.WordsMax)
        {
            sender.Heard = Heard.Refused(SystemResult.ArgumentInvalid, 0);
            return;
        }

        sender.IsCall = isCall;
        sender.IsFault = false;
        sender.SendBadge = capability.Badge;
        sender.SendRights = capability.Rights;
        sender.Until = call.Until;
        sender.Heard = new Heard(SystemResult.Ok);
        Send(sender, (ModelEndpoint)capability.Target!, !call.DoesNotWait);
    }

    private void ReceiveFrom(ModelThread receiver, ModelCall call, ulong address)
    {
        ModelCapability? capability = Find(call.Slot);
        if (capability is null)
        {
            Missing(receiver, call, address);
        }
        else if (capability.Type is not (CapabilityType.Endpoint or CapabilityType.Notification))
        {
            Refuse(receiver, SystemResult.WrongType, (ulong)capability.Type, address);
        }
        else if ((capability.Rights & CapabilityRights.Read) == 0)
        {
            Refuse(receiver, SystemResult.RightMissing, (ulong)CapabilityRights.Read, address);
        }
        else
        {
            receiver.IsCall = false;
            receiver.IsFault = false;
            receiver.Until = call.Until;
            if (capability.Target is ModelNotification notification)
            {
                AwaitSignal(receiver, notification, !call.DoesNotWait);
            }
            else
            {
                Receive(receiver, (ModelEndpoint)capability.Target!, Find(call.Reply)?.Target as ModelReply, !call.DoesNotWait);
            }
        }
    }

    private void Missing(ModelThread thread, ModelCall call, ulong address)
    {
        bool leadsNowhere = call.Slot is null;
        Refuse(thread, leadsNowhere ? SystemResult.AddressInvalid : SystemResult.SlotEmpty, leadsNowhere ? 0 : AddressBits, address);
    }

    private void Refuse(ModelThread thread, SystemResult result, ulong word, ulong address)
    {
        thread.Heard = Heard.Refused(result, word);
        if ((thread.Options & FaultOptions.Capability) != 0)
        {
            Raise(thread, FaultKind.Capability, address);
        }
    }
}
