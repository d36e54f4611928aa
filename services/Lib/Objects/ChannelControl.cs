using Atoll.Abi;

namespace Atoll.Services.Lib;

/// <summary>An end of a channel, as the kernel sees it: what <see cref="RingChannel"/> does without.</summary>
/// <param name="address">Address of the capability.</param>
[Capability(CapabilityType.Channel)]
public readonly struct ChannelControl(ulong address)
{
    private const int NumberShift = 32;

    /// <summary>Address of the capability.</summary>
    public ulong Address => address;

    /// <summary>Says which notification is signalled.</summary>
    /// <param name="notification">Address of a badged one.</param>
    /// <param name="listed">Number by which the end is listed at the notification whenever it is signalled; 0: it is not.</param>
    public SystemResult SetNotification(ulong notification, uint listed = 0) =>
        Operation.Do(address, (ulong)ChannelOperation.SetNotification, notification, listed);

    /// <summary>Says where the rings are to be mapped, and tells what is missing.</summary>
    /// <param name="vspace">Address of the VSpace capability.</param>
    /// <param name="virtualAddress">Of two pages.</param>
    /// <param name="level">With <see cref="SystemResult.TableMissing"/>: level of the table.</param>
    public SystemResult Attach(ulong vspace, ulong virtualAddress, out uint level)
    {
        SystemResult result = Operation.Ask(address, (ulong)ChannelOperation.Attach, out ulong word, vspace, virtualAddress);
        level = (uint)word;
        return result;
    }

    /// <summary>Rings the other end.</summary>
    public SystemResult Ring() => Operation.Do(address, (ulong)ChannelOperation.Ring);

    /// <summary>Gives the other end's program a capability.</summary>
    /// <param name="given">Address of the capability.</param>
    /// <param name="rights">The most that may be done with it there.</param>
    public SystemResult Grant(ulong given, CapabilityRights rights) => Operation.DoAll(address, (ulong)ChannelOperation.Grant, given, (ulong)rights);

    /// <summary>Lends the other end's program a frame as a whole.</summary>
    /// <param name="lent">Address of the capability.</param>
    /// <param name="rights">The most that may be done with it there.</param>
    public SystemResult Lend(ulong lent, CapabilityRights rights) => Operation.Do(address, (ulong)ChannelOperation.Lend, lent, (ulong)rights);

    /// <summary>Takes the next capability that the other end has given.</summary>
    /// <param name="into">CNode.</param>
    /// <param name="index">Empty slot of it.</param>
    public SystemResult Accept(CNodeTable into, uint index) =>
        Operation.Do(address, (ulong)ChannelOperation.Accept, 0, 0, into.Address, index);

    /// <summary>Asks anew for a channel whose other end is gone.</summary>
    public SystemResult Reopen() => Operation.Do(address, (ulong)ChannelOperation.Reopen);

    /// <summary>Tells its number among the ends of this core. Once nobody has it any more, another may have that number.</summary>
    public SystemResult ReadNumber(out uint number)
    {
        Message message = Message.Of((ulong)ChannelOperation.Describe, MessageHeader.RegisterWords);
        SystemResult result = Ipc.Call(address, ref message);
        number = (uint)(message.Word2 >> NumberShift);
        return result;
    }

    /// <summary>Tells how it is.</summary>
    /// <param name="state">Where it is in its life.</param>
    /// <param name="epoch">Which channel it is; 0 before it was open.</param>
    /// <param name="isMapped">Whether its rings can be touched.</param>
    public SystemResult Describe(out ChannelState state, out ulong epoch, out bool isMapped)
    {
        Message message = Message.Of((ulong)ChannelOperation.Describe, MessageHeader.RegisterWords);
        SystemResult result = Ipc.Call(address, ref message);
        state = (ChannelState)message.Word0;
        epoch = message.Word1;
        isMapped = message.Word3 != 0;
        return result;
    }
}
