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

    /// <summary>QEMU's arguments.</summary>
    public IReadOnlyList<string> Arguments =>
    [
        "-netdev", string.Join(',', ["user", "id=net0", .. Forwards.Select(forward => forward.Option)]),
        "-device", $"virtio-net-pci,netdev=net0,disable-legacy=on,romfile={(WorksAtOnce ? ",ioeventfd=off" : "")}",
    ];

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
