using Atoll.Services.Lib;

namespace Atoll.Services.Protocols;

/// <summary>A network device, as its driver offers it to a stack. Frames travel through a region that both have (<see cref="FrameRing"/>).</summary>
[Protocol("link", version: 1)]
public interface ILink
{
    /// <summary>A stack begins: the rings of the region are empty from now on, and the device holds no buffer.</summary>
    /// <param name="wake">Signalled when a frame came, or when <see cref="LinkPage.Untold"/> buffers went back.</param>
    /// <param name="station">The device's Ethernet address, first octet highest.</param>
    /// <param name="doorbell">To be signalled when there is a frame to send, or when <see cref="LinkPage.Untold"/> empty buffers went back. It is gone with the driver.</param>
    LinkAnswer Attach(SignalWord wake, out ulong station, out SignalWord doorbell);

    /// <summary>Tells what the driver has counted.</summary>
    /// <param name="received">Frames that came.</param>
    /// <param name="sent">Frames that went.</param>
    /// <param name="interrupts">Interrupts.</param>
    /// <param name="refused">Buffers that a stack named wrongly, and frames that found no room.</param>
    /// <param name="faults">Times that the device broke the rules of its queues, and was begun again.</param>
    LinkAnswer Describe(out ulong received, out ulong sent, out ulong interrupts, out ulong refused, out ulong faults);
}

/// <summary>What a driver answers.</summary>
public enum LinkAnswer
{
    /// <summary>Done.</summary>
    Done,

    /// <summary>The device does not work: what it is asked for, it does not have, or it breaks the rules again and again.</summary>
    DeviceBroken,

    /// <summary>There is no memory or slot for what was asked.</summary>
    Exhausted,
}
