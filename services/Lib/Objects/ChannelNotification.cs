using Atoll.Abi;

namespace Atoll.Services.Lib;

/// <summary>A notification, and the ends of channels that have signalled it.</summary>
/// <param name="address">Address of the capability.</param>
[Capability(CapabilityType.Notification)]
public readonly struct ChannelNotification(ulong address)
{
    /// <summary>Ends that one call takes at most.</summary>
    public const int TakenAtOnce = MessageHeader.RegisterWords;

    /// <summary>Address of the capability.</summary>
    public ulong Address => address;

    /// <summary>Takes ends that are listed here and were not taken since they signalled last, first come first.</summary>
    /// <param name="taken">In words 0 to 3: number of the end, and <see cref="ChannelNews"/> above; 0: there are no more.</param>
    public SystemResult TakeReady(out Message taken)
    {
        taken = Message.Of((ulong)NotificationOperation.TakeReady, MessageHeader.RegisterWords);
        return Ipc.Call(address, ref taken);
    }
}
