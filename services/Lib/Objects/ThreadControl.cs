using Atoll.Abi;

namespace Atoll.Services.Lib;

/// <summary>A thread, of this core or of another.</summary>
/// <remarks>
/// One of another core needs the rights to write and to grant the reply. Its home does what is asked and answers: WouldBlock: so many calls wait; PeerDied: it was taken back, or its core is
/// dead. It finds no capability by an address of this program (<c>AddressInvalid</c>), and gives no priority beyond the thread's own (docs/remote-capabilities.md, "Threads").
/// </remarks>
/// <param name="address">Address of the capability.</param>
[Capability(CapabilityType.Thread)]
public readonly struct ThreadControl(ulong address)
{
    /// <summary>Address of the capability.</summary>
    public ulong Address => address;

    /// <summary>Gives it what it lives by.</summary>
    public SystemResult Configure(ulong root, ulong vspace, ulong faultEndpoint, ulong bufferFrame) =>
        Operation.Do(address, (ulong)ThreadOperation.Configure, root, vspace, faultEndpoint, bufferFrame);

    /// <summary>Says where its message buffer is mapped.</summary>
    public SystemResult SetBuffer(ulong virtualAddress, ulong offset = 0) =>
        Operation.Do(address, (ulong)ThreadOperation.SetBuffer, virtualAddress, offset);

    /// <summary>Has a notification's signals end its waits at endpoints.</summary>
    public SystemResult BindNotification(ulong notification) => Operation.Do(address, (ulong)ThreadOperation.BindNotification, notification);

    /// <summary>Frees its notification, so that another can be bound.</summary>
    public SystemResult UnbindNotification() => Operation.Do(address, (ulong)ThreadOperation.UnbindNotification);

    /// <summary>Tells how it is.</summary>
    public SystemResult Describe(out ThreadReport report)
    {
        Message message = Message.Of((ulong)ThreadOperation.Describe, MessageHeader.RegisterWords);
        SystemResult result = Ipc.Call(address, ref message);
        report = new ThreadReport(message.Word0, message.Word1, message.Word2, message.Word3);
        return result;
    }

    /// <summary>Sets priority, and the most that it may give.</summary>
    public SystemResult SetPriority(byte priority, byte most) => Operation.Do(address, (ulong)ThreadOperation.SetPriority, priority, most);

    /// <summary>Gives it time of its own.</summary>
    public SystemResult BindContext(ulong context) => Operation.Do(address, (ulong)ThreadOperation.BindContext, context);

    /// <summary>Takes its time away.</summary>
    public SystemResult UnbindContext() => Operation.Do(address, (ulong)ThreadOperation.UnbindContext);

    /// <summary>Sets where it begins.</summary>
    public SystemResult SetRegisters(ulong entry, ulong stack, ulong argument0 = 0, ulong argument1 = 0) =>
        Operation.Do(address, (ulong)ThreadOperation.SetRegisters, entry, stack, argument0, argument1);

    /// <summary>Lets it run.</summary>
    public SystemResult Resume() => Operation.Do(address, (ulong)ThreadOperation.Resume);

    /// <summary>Stops it.</summary>
    public SystemResult Suspend() => Operation.Do(address, (ulong)ThreadOperation.Suspend);
}

/// <summary>How a thread is.</summary>
/// <param name="state">State, priority and fault, as <see cref="ThreadOperation.Describe"/> packs them.</param>
/// <param name="usedTicks">TSC ticks that its time was used.</param>
/// <param name="systemCalls">Its system calls that took the long way.</param>
/// <param name="rip">Where it was last.</param>
public readonly struct ThreadReport(ulong state, ulong usedTicks, ulong systemCalls, ulong rip)
{
    /// <summary>Its priority.</summary>
    public byte Priority => (byte)(state >> 8);

    /// <summary>Which fault stopped it.</summary>
    public FaultKind Fault => (FaultKind)(state >> 16);

    /// <summary>TSC ticks that its time was used.</summary>
    public ulong UsedTicks => usedTicks;

    /// <summary>Its system calls that took the long way.</summary>
    public ulong SystemCalls => systemCalls;

    /// <summary>Where it was last.</summary>
    public ulong Rip => rip;
}
