using Atoll.Abi;
using Atoll.Linker.Diagnostics;
using Atoll.Linker.Manifests;

namespace Atoll.Cli.Systems;

/// <summary>Gives ports, lines and devices, each to one program on one core.</summary>
internal sealed class DeviceCheck(Checks checks)
{
    private const int LastPortShift = 16;
    private const int TriggerShift = 32;
    private const ulong IsLevel = 1;
    private const ulong IsLow = 2;
    private const int DeviceShift = 16;

    // Device memory and interrupts by message come to the first core (decision 0140).
    private const int DeviceCore = 0;

    private readonly List<(CheckedProgram Program, GivenPorts Ports)> _ports = [];
    private readonly List<(CheckedProgram Program, GivenInterrupt Line)> _lines = [];
    private readonly List<(CheckedProgram Program, GivenDevice Device)> _devices = [];

    /// <summary>Gives ports and lines.</summary>
    public void Run()
    {
        foreach (CheckedProgram program in checks.Programs)
        {
            int line = 0;
            foreach (GivenThing thing in program.Description.Given)
            {
                if (thing is GivenPorts ports)
                {
                    GivePorts(program, ports);
                }
                else if (thing is GivenInterrupt interrupt)
                {
                    GiveLine(program, interrupt, line++);
                }
            }
        }
    }

    /// <summary>Gives devices of the bus, each through a channel to the program that hands them out.</summary>
    /// <param name="channels">Numbers of channels that are given.</param>
    /// <returns>Numbers that are given now: the channel gets one here when the description gives it none.</returns>
    public uint GiveDevices(uint channels)
    {
        CheckedProgram[] servers = [.. checks.Programs.Where(HandsOut)];
        foreach (CheckedProgram server in servers)
        {
            CheckServer(server, servers[0]);
        }

        foreach (CheckedProgram program in checks.Programs)
        {
            foreach (GivenDevice device in program.Description.Given.OfType<GivenDevice>())
            {
                channels = GiveDevice(program, device, servers.FirstOrDefault(), channels);
            }
        }

        return channels;
    }

    private static bool HandsOut(CheckedProgram program) => program.Image.Manifest.Needs.Any(need => need.Kind == GrantKind.Devices);

    private void CheckServer(CheckedProgram server, CheckedProgram first)
    {
        if (server != first)
        {
            checks.Report(
                DescriptionDiagnostics.DeviceTaken, $"'{server.Name}' cannot have all devices: '{first.Name}' has them too.", server.Description.Place);
        }
        else if (server.Description.Core.Value != DeviceCore)
        {
            checks.Report(
                DescriptionDiagnostics.CoreDiffers,
                $"'{server.Name}' runs on {Checks.CoreText(server.Description.Core.Value)}, and devices are handed to core {DeviceCore}.",
                server.Description.Place);
        }
    }

    private uint GiveDevice(CheckedProgram program, GivenDevice device, CheckedProgram? server, uint channels)
    {
        if (checks.FindNeed(program, device.Need, device.Place, GrantKind.Device) is not { } need)
        {
            return channels;
        }

        NeedRequest? served = server?.Image.Manifest.Needs.FirstOrDefault(other => other.Kind == GrantKind.Serve && other.Protocol == need.Protocol);
        if (server is null || served is null)
        {
            checks.Report(
                DescriptionDiagnostics.NobodyHandsOut,
                $"'{program.Name}' is given a device, and no program of the system has a need of kind 'devices' and serves '{need.Protocol}'.",
                device.Place);
            return channels;
        }

        CheckDevice(program, device, server, need, served);
        if (checks.GiftOf(server, served) is not { } channel)
        {
            channel = new Gift($"channel {channels}, devices only") { Object = channels++ };
            checks.Give(server, served, channel, server.Description.Place);
        }

        uint identifier = device.Vendor | ((uint)device.Device << DeviceShift);
        Gift gift = new($"device {device.Vendor:x4}:{device.Device:x4}, number {device.Which}, of {server.Name}")
        {
            Object = channel.Object,
            Badge = DeviceBadge.Of((ushort)(program.Index + 1), identifier, device.Which).Raw,
        };
        checks.Give(program, need, gift, device.Place);
        return channels;
    }

    private void CheckDevice(CheckedProgram program, GivenDevice device, CheckedProgram server, NeedRequest need, NeedRequest served)
    {
        (CheckedProgram Program, GivenDevice Device) other = _devices.Find(
            pair => (pair.Device.Vendor, pair.Device.Device, pair.Device.Which) == (device.Vendor, device.Device, device.Which));
        _devices.Add((program, device));
        if (other.Program is not null)
        {
            string what = $"number {device.Which} of the devices {device.Vendor:x4}:{device.Device:x4}";
            checks.Report(DescriptionDiagnostics.DeviceTaken, $"'{program.Name}' cannot have {what}: '{other.Program.Name}' has it too.", device.Place);
        }
        else if (need.Version != served.Version)
        {
            checks.Report(
                DescriptionDiagnostics.ProtocolDiffers,
                $"'{program.Name}.{need.Name}' speaks '{need.Protocol}' version {need.Version} ({program.Image.ManifestFile}), and '{server.Name}' serves version {served.Version}.",
                device.Place);
        }
        else if (!Checks.IsWhere(server.Description.Core.Value, program.Description.Core.Value))
        {
            checks.Report(
                DescriptionDiagnostics.CoreDiffers,
                $"'{program.Name}' runs on {Checks.CoreText(program.Description.Core.Value)}, and '{server.Name}', which hands devices out, on {Checks.CoreText(server.Description.Core.Value)}.",
                device.Place);
        }
    }

    private void GivePorts(CheckedProgram program, GivenPorts ports)
    {
        if (checks.FindNeed(program, ports.Need, ports.Place, GrantKind.Ports) is not { } need)
        {
            return;
        }

        int count = ports.Last - ports.First + 1;
        string range = $"ports 0x{ports.First:x} to 0x{ports.Last:x}";
        if ((ulong)count != need.Amount)
        {
            checks.Report(
                DescriptionDiagnostics.PortsDiffer,
                $"{count} ports are given to '{program.Name}', and its need '{need.Name}' is {need.Amount} ({program.Image.ManifestFile}).",
                ports.Place);
        }

        (CheckedProgram Program, GivenPorts Ports) other =
            _ports.Find(pair => pair.Ports.First <= ports.Last && ports.First <= pair.Ports.Last);
        ReportTaken(range, program, other.Program, ports.Place);
        _ports.Add((program, ports));
        checks.Give(program, need, new Gift(range) { Argument = ports.First | ((ulong)ports.Last << LastPortShift) }, ports.Place);
    }

    private void GiveLine(CheckedProgram program, GivenInterrupt interrupt, int bit)
    {
        if (checks.FindNeed(program, interrupt.Need, interrupt.Place, GrantKind.Interrupt) is not { } need)
        {
            return;
        }

        ReportTaken($"line {interrupt.Line}", program, _lines.Find(pair => pair.Line.Line == interrupt.Line).Program, interrupt.Place);
        _lines.Add((program, interrupt));
        ulong trigger = (interrupt.IsLevel ? IsLevel : 0) | (interrupt.IsLow ? IsLow : 0);
        Gift gift = new($"line {interrupt.Line}, {(interrupt.IsLevel ? "level" : "edge")}, active {(interrupt.IsLow ? "low" : "high")}, bit {bit}")
        {
            Badge = 1UL << bit,
            Argument = interrupt.Line | (trigger << TriggerShift),
        };
        checks.Give(program, need, gift, interrupt.Place);
    }

    private void ReportTaken(string what, CheckedProgram program, CheckedProgram? other, SourceLine place)
    {
        bool isOnEvery = program.Description.Core.Value is null && checks.System.Cores > 1;
        if (other is not null || isOnEvery)
        {
            string why = other is null ? $"'{program.Name}' runs on every core" : $"'{other.Name}' has it too";
            checks.Report(DescriptionDiagnostics.DeviceTaken, $"'{program.Name}' cannot have {what}: {why}.", place);
        }
    }
}
