using System.Text.RegularExpressions;
using Atoll.TestVm.Guest;
using Atoll.TestVm.Isolation;
using Atoll.TestVm.Machine;

namespace Atoll.TestVm.Scenarios;

/// <summary>
/// Bytes flow both ways through a machine with an IOMMU, until the driver tells its device that buffers lie in the kernel's text: the device writes nothing there, it is
/// stopped and named, the driver is started again by policy, and no byte is lost.
/// </summary>
public sealed class IommuScenario : SystemScenario
{
    private const long BytesBetween = 200_000;
    private const int MemoryMiB = 128;

    // docs/memory-map.md: where the image lies. The driver's buffers would reach from here on over text and read-only data.
    private const ulong ImageBase = 0x20_0000;
    private const int ImageBytes = 0x2_0000;

    private static readonly GuestPort s_port = new(7);

    private readonly VmNetwork _network = VmNetwork.Of(s_port) with { IsRemapped = true };

    /// <inheritdoc/>
    public override string Name => "iommu";

    /// <inheritdoc/>
    public override string Description =>
        "bytes flow both ways while a driver has its device write over the kernel: the IOMMU stops the device, which is named, and each byte comes back once and in order";

    /// <inheritdoc/>
    public override string? SystemName => "stray";

    /// <inheritdoc/>
    public override IReadOnlyList<VmShape> Shapes => [new(1) { MemoryMiB = MemoryMiB }, new(4) { MemoryMiB = MemoryMiB }];

    /// <inheritdoc/>
    protected override string Parameters => "end=never grant=16 console=program";

    /// <inheritdoc/>
    protected override VmSettings Equip(VmSettings settings) =>
        settings with { Network = _network, Devices = [VmSettings.Iommu, .. settings.Devices], TimeLimit = settings.TimeLimit * 5 };

    /// <inheritdoc/>
    protected override void Play(ScenarioRun run, Expectations expect, GuestTerminal terminal)
    {
        if (!expect.That(terminal.WaitUntilHeard("echo: listening"), "the program does not listen"))
        {
            return;
        }

        byte[] before = Image(terminal);
        using var stream = new EchoStream(EchoHost.ConnectTo(_network.HostPort(s_port)), seed: 1);
        if (!stream.Advances(expect, BytesBetween, "before the driver strays"))
        {
            return;
        }

        // The page is one of those that the driver's buffers would be in: 128 of 2 KiB.
        Says(expect, terminal, "@device-fault place=0x", "that a device reached for what it was not given");
        string? line = terminal.ReadUntil("outcome=stopped");
        Match told = Regex.Match(line ?? "", "device=0x10411af4 address=0x(2[0-3][0-9a-f]000) access=write reason=5 ");
        expect.That(told.Success, $"the fault of the device is not that of the network card over the kernel's text: {line}");
        long underWay = stream.UnderWay;
        Says(expect, terminal, "@fault program=virtio-net image=virtio-net kind=page-fault", "that the driver has lost its device");
        Says(expect, terminal, "outcome=restarted", "that the supervisor started it again");
        stream.Advances(expect, BytesBetween, "after the driver strayed");
        expect.That(before.AsSpan().SequenceEqual(Image(terminal)), "the kernel's text or read-only data is not what it was");
        stream.Ends(expect);
        Settle(expect, terminal);
        string devices = Ask(expect, terminal, "devices");
        expect.That(
            Regex.IsMatch(devices, "devices are held to their memory; stopped: [1-9]"),
            $"the shell does not tell that the device was stopped: {devices}");
        run.Count("bytes", stream.Received);
        run.Count("under-way", underWay);
    }

    private static byte[] Image(GuestTerminal terminal)
    {
        PhysicalMemory memory = StoppedMachine.Memory(terminal.Machine, MemoryMiB);
        return [.. Enumerable.Range(0, ImageBytes / sizeof(ulong)).SelectMany(word => BitConverter.GetBytes(memory.Word(ImageBase + ((ulong)word * sizeof(ulong)))))];
    }
}
