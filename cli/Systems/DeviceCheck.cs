using Atoll.Abi;
using Atoll.Linker.Diagnostics;
using Atoll.Linker.Manifests;

namespace Atoll.Cli.Systems;

/// <summary>Gives ports and lines of devices, each to one program on one core.</summary>
internal sealed class DeviceCheck(Checks checks)
{
    private const int LastPortShift = 16;
    private const int TriggerShift = 32;
    private const ulong IsLevel = 1;
    private const ulong IsLow = 2;

    private readonly List<(CheckedProgram Program, GivenPorts Ports)> _ports = [];
    private readonly List<(CheckedProgram Program, GivenInterrupt Line)> _lines = [];

    /// <summary>Gives all of them.</summary>
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
