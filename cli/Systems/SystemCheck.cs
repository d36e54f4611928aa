using System.Numerics;
using Atoll.Abi;
using Atoll.Linker.Diagnostics;
using Atoll.Linker.Manifests;

namespace Atoll.Cli.Systems;

/// <summary>Compares a description with the manifests of its programs: each need is satisfied once, and nothing is given that nobody needs.</summary>
public sealed class SystemCheck
{
    private readonly Checks _checks;
    private readonly DiagnosticBag _findings;
    private uint _channels;
    private bool _isClean;

    private SystemCheck(Checks checks, DiagnosticBag findings)
    {
        _checks = checks;
        _findings = findings;
    }

    /// <summary>Checks.</summary>
    /// <param name="description">The description.</param>
    /// <param name="images">Image of each program, by name of the image.</param>
    /// <param name="findings">Takes everything that is wrong.</param>
    /// <returns>What Init is told; null after a finding.</returns>
    public static SystemPlan? Run(SystemDescription description, IReadOnlyDictionary<string, ProgramImage> images, DiagnosticBag findings)
    {
        DiagnosticBag own = new();
        CheckedProgram[] programs =
        [
            .. description.Programs.Select((program, index) => new CheckedProgram(index, program, images[program.Image.Value])),
        ];
        SystemPlan plan = new SystemCheck(new Checks(description, programs, own), own).Plan();
        findings.AddRange(own.Found);
        return own.HasAny ? null : plan;
    }

    private SystemPlan Plan()
    {
        ChannelCheck channels = new(_checks);
        channels.Run();
        RingChannelCheck rings = new(_checks);
        rings.Run();
        DeviceCheck devices = new(_checks);
        devices.Run();
        _channels = devices.GiveDevices(channels.Count);
        RegionCheck regions = new(_checks);
        regions.Run();
        foreach (CheckedProgram program in _checks.Programs)
        {
            GiveWithoutEntry(program);
            CheckCore(program);
        }

        // A need that is not met after another mistake is most likely the same mistake.
        _isClean = !_findings.HasAny;
        if (_isClean)
        {
            regions.ReportUnused();
        }

        SystemPlan plan = new(_checks.System, [.. _checks.Programs.Select(PlanProgram)], _channels, rings.Stops);
        if (!_findings.HasAny)
        {
            new LimitCheck(_checks).Run(plan);
        }

        return plan;
    }

    /// <summary>What needs no entry of its own: memory, slots, deaths, and the powers that the system allows.</summary>
    private void GiveWithoutEntry(CheckedProgram program)
    {
        foreach (NeedRequest need in program.Image.Manifest.Needs)
        {
            Placed<GrantKind>? allowed = program.Description.Allowed.FirstOrDefault(allowed => allowed.Value == need.Kind);
            if (need.Kind == GrantKind.Memory)
            {
                Gift gift = new($"{need.Amount / 1024} KiB of untyped memory") { Argument = (ulong)BitOperations.Log2(need.Amount) };
                _checks.Give(program, need, gift, program.Description.Place);
            }
            else if (need.Kind == GrantKind.Slots)
            {
                _checks.Give(program, need, new Gift($"its CNode, {need.Amount} slots free") { Argument = need.Amount }, program.Description.Place);
            }
            else if (need.Kind == GrantKind.Deaths)
            {
                GiveDeaths(program, need);
            }
            else if (ProgramTable.Powers.Contains(need.Kind) && allowed is not null)
            {
                _checks.Give(program, need, new Gift("allowed"), allowed.Place);
            }
        }

        foreach (Placed<GrantKind> allowed in program.Description.Allowed.Where(
            allowed => !program.Image.Manifest.Needs.Any(need => need.Kind == allowed.Value)))
        {
            _checks.Report(
                DescriptionDiagnostics.PowerNotNeeded,
                $"'{program.Name}' has no need of kind '{NeedKinds.WordOf(allowed.Value)}' ({program.Image.ManifestFile}).",
                allowed.Place);
        }
    }

    // Each kind of signal has bits of its own, but for deaths, which may be of any program.
    private void GiveDeaths(CheckedProgram program, NeedRequest need)
    {
        if (program.Image.Manifest.Needs.FirstOrDefault(other => other.Kind is GrantKind.Interrupt or GrantKind.Channel) is not { } other)
        {
            _checks.Give(program, need, new Gift("signals of deaths on its core"), program.Description.Place);
            return;
        }

        _checks.Report(
            DescriptionDiagnostics.SignalsCollide,
            $"'{program.Name}' has '{need.Name}', of kind 'deaths', and '{other.Name}', of kind '{NeedKinds.WordOf(other.Kind)}' ({program.Image.ManifestFile}).",
            program.Description.Place);
    }

    private void CheckCore(CheckedProgram program)
    {
        if (program.Description.Core.Value >= _checks.System.Cores)
        {
            _checks.Report(
                DescriptionDiagnostics.NoSuchCore,
                $"'{program.Name}' runs on core {program.Description.Core.Value}, and the system asks for {_checks.System.Cores} cores.",
                program.Description.Core.Place);
        }
    }

    private PlannedProgram PlanProgram(CheckedProgram program)
    {
        // Replies come first, and may be more than the slots below First.
        uint slot = uint.Max(ProgramSlot.First, ProgramSlot.Reply + program.Image.Manifest.Replies);
        List<PlannedGrant> grants = [];
        List<UnmetNeed> unmet = [];
        foreach (NeedRequest need in program.Image.Manifest.Needs)
        {
            if (_checks.GiftOf(program, need) is { } gift)
            {
                grants.Add(new PlannedGrant(need, slot, gift));
                slot += grants[^1].SlotCount;
            }
            else if (need.IsOptional)
            {
                unmet.Add(new UnmetNeed(need, WhyNot(need)));
            }
            else
            {
                ReportUnmet(program, need);
            }
        }

        bool hasMany = grants.Exists(grant => grant.Gift.Parts.Count != 0);
        uint most = 1u << (hasMany ? ProgramSlot.RadixMax : ProgramSlot.RadixWide);
        if (slot > most)
        {
            _checks.Report(
                DescriptionDiagnostics.TooMany,
                $"'{program.Name}' needs {slot} slots of its CNode, replies included, of at most {most}.",
                program.Description.Place);
        }

        return new PlannedProgram(program.Index, program.Description, program.Image, grants, unmet, FaultsTo(program));
    }

    private void ReportUnmet(CheckedProgram program, NeedRequest need)
    {
        if (!_isClean)
        {
            return;
        }

        bool isPower = ProgramTable.Powers.Contains(need.Kind);
        _checks.Report(
            isPower ? DescriptionDiagnostics.PowerNotAllowed : DescriptionDiagnostics.NeedUnsatisfied,
            $"'{program.Name}' needs '{need.Name}', of kind '{NeedKinds.WordOf(need.Kind)}' ({program.Image.ManifestFile}): {WhyNot(need)}.",
            program.Description.Place);
    }

    private static string WhyNot(NeedRequest need) => need.Kind switch
    {
        GrantKind.Serve => "no [[channel]] has it as its server",
        GrantKind.Call => "no [[channel]] has it among its clients",
        GrantKind.Channel => "no [[channel]] has it among its ends",
        GrantKind.Ports => "[program.ports] has no entry for it",
        GrantKind.Interrupt => "[program.interrupts] has no entry for it",
        GrantKind.Region => "[program.regions] has no entry for it",
        GrantKind.Frames => "[program.frames] has no entry for it",
        GrantKind.Device => "[program.devices] has no entry for it",
        _ => $"'allow' does not list \"{NeedKinds.WordOf(need.Kind)}\"",
    };

    private int? FaultsTo(CheckedProgram program)
    {
        if (program.Description.FaultsTo is not { } named || named.Value == ChannelEnd.Init
            || _checks.Find(named.Value, named.Place) is not { } watcher)
        {
            return null;
        }

        string? wrong = watcher == program ? "itself"
            : !watcher.Image.Manifest.Needs.Any(need => need.Kind == GrantKind.Faults) ? $"'{watcher.Name}', which has no need of kind 'faults'"
            : null;
        if (wrong is not null)
        {
            _checks.Report(DescriptionDiagnostics.NobodyWatches, $"The faults of '{program.Name}' go to {wrong}.", named.Place);
        }
        else if (!Checks.IsWhere(watcher.Description.Core.Value, program.Description.Core.Value))
        {
            _checks.Report(
                DescriptionDiagnostics.CoreDiffers,
                $"'{program.Name}' runs on {Checks.CoreText(program.Description.Core.Value)}, and '{watcher.Name}', which hears of its faults, on {Checks.CoreText(watcher.Description.Core.Value)}.",
                named.Place);
        }

        return watcher.Index;
    }
}
