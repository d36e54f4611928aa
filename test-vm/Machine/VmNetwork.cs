using System.Net;
using System.Net.Sockets;

namespace Atoll.TestVm.Machine;

/// <summary>A virtio network card, behind which QEMU plays a small network: the guest is 10.0.2.15, QEMU is router, DHCP server and name server.</summary>
/// <remarks>Needs no rights. The host reaches ports of the guest that are forwarded, at 127.0.0.1 only.</remarks>
/// <param name="Forwards">Ports of the guest that the host reaches.</param>
public sealed record VmNetwork(IReadOnlyList<PortForward> Forwards)
{
    /// <summary>Whether the device works within the guest's instruction that notifies it, and not some time later on another thread of QEMU.</summary>
    public bool WorksAtOnce { get; init; }

    /// <summary>A file that QEMU writes down all frames in (<see cref="FrameDump"/>), or null.</summary>
    public string? DumpPath { get; init; }

    /// <summary>A port of 127.0.0.1 where QEMU takes whole frames, one in each datagram, for the same network; 0: there is none.</summary>
    public int FramePort { get; init; }

    /// <summary>Whether the card's addresses go through the machine's IOMMU (<see cref="VmSettings.Iommu"/>).</summary>
    public bool IsRemapped { get; init; }

    /// <summary>QEMU's arguments.</summary>
    public IReadOnlyList<string> Arguments =>
    [
        // What comes as frames must not reach the world outside by QEMU's router.
        "-netdev", string.Join(',', ["user", "id=net0", .. FramePort == 0 ? (string[])[] : ["restrict=on"], .. Forwards.Select(forward => forward.Option)]),
        .. FramePort == 0 ? (string[])[] : Hub,
        .. DumpPath is { } path ? (string[])["-object", $"filter-dump,id=dump0,netdev=net0,file={path}"] : [],
        "-device", $"virtio-net-pci,netdev={(FramePort == 0 ? "net0" : "hub2")},disable-legacy=on,romfile={(WorksAtOnce ? ",ioeventfd=off" : "")}{(IsRemapped ? ",iommu_platform=on" : "")}",
    ];

    // Nobody listens where the guest's frames go to: who floods wants no answer.
    private string[] Hub =>
    [
        "-netdev", "hubport,id=hub0,hubid=0,netdev=net0",
        "-netdev", $"dgram,id=frames0,local.type=inet,local.host=127.0.0.1,local.port={FramePort},remote.type=inet,remote.host=127.0.0.1,remote.port=9",
        "-netdev", "hubport,id=hub1,hubid=0,netdev=frames0",
        "-netdev", "hubport,id=hub2,hubid=0",
    ];

    /// <summary>The same network, with somebody on it who sends whole frames.</summary>
    public VmNetwork WithFrames() => this with { FramePort = FreePort(isUdp: true) };

    /// <summary>A card that forwards ports of the guest, each from a port of the host that is free now.</summary>
    public static VmNetwork Of(params IEnumerable<GuestPort> ports) =>
        new([.. ports.Select(port => new PortForward(port, FreePort(port.IsUdp)))]);

    /// <summary>The host's port for a port of the guest.</summary>
    public int HostPort(GuestPort port) => Forwards.Single(forward => forward.Guest == port).Host;

    // Somebody else may take it before QEMU does; then QEMU says so and does not start.
    private static int FreePort(bool isUdp)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, isUdp ? SocketType.Dgram : SocketType.Stream, isUdp ? ProtocolType.Udp : ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}

/// <summary>A port of the guest.</summary>
public sealed record GuestPort(int Number, bool IsUdp = false)
{
    /// <inheritdoc/>
    public override string ToString() => $"{(IsUdp ? "udp" : "tcp")} {Number}";
}

/// <summary>A port of the guest, and the host's port that leads to it.</summary>
public sealed record PortForward(GuestPort Guest, int Host)
{
    /// <summary>As QEMU's option says it.</summary>
    public string Option => $"hostfwd={(Guest.IsUdp ? "udp" : "tcp")}:127.0.0.1:{Host}-:{Guest.Number}";
}
