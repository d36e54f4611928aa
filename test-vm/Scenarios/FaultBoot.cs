using Atoll.TestVm.Guest;
using Atoll.TestVm.Image;
using Atoll.TestVm.Isolation;
using Atoll.TestVm.Machine;
using Atoll.TestVm.Serial;

namespace Atoll.TestVm.Scenarios;

/// <summary>Boots a machine in which one instance is told to die, and checks how it dies and that the others do not.</summary>
public sealed class FaultBoot(ScenarioRun run)
{
    private const ulong Messages = 2000;

    private readonly InstanceWindow _window = new(ElfImage.ReadSegments(run.ImagePath));

    /// <summary>Boots with one fault on one core.</summary>
    public VmOutcome Run(FaultCase fault, int core)
    {
        VmOutcome outcome = run.Boot($"messages={Messages} end=pass fault={fault.Kind}@{core}");
        run.Check(outcome, expect =>
        {
            expect.That(outcome.Exit != VmExit.Reset, $"'{fault.Kind}' on core {core} reset the machine");
            if (run.Shape.Cores > 1)
            {
                expect.Passed(outcome);
                Survivors(expect, outcome, core);
            }
            else
            {
                // Nobody is left to go on, which is the end of the machine.
                expect.That(outcome.FailedFor("panic"), $"expected reason=panic: {outcome.Ending}");
            }

            BootExpectations.BootDone(expect, outcome, run.Shape.Cores, failed: 0);
            Panic(expect, outcome, fault, core);
        });
        run.Count("faults", 1);
        return outcome;
    }

    private void Panic(Expectations expect, VmOutcome outcome, FaultCase fault, int core)
    {
        IReadOnlyList<SerialRecord> panics = outcome.RecordsOf("panic");
        if (!expect.Equal(1, panics.Count, $"@panic records after '{fault.Kind}' on core {core}"))
        {
            return;
        }

        SerialRecord panic = panics[0];
        expect.Equal(core, panic.SmallNumber("core"), "core that died");
        expect.Equal(fault.Reason, panic["reason"], "reason");
        expect.Equal(fault.Error, panic.Number("error"), $"error code of '{fault.Kind}'");
        if (fault.Vector is int vector)
        {
            expect.Equal(vector, panic.SmallNumber("vector"), $"vector of '{fault.Kind}'");
        }

        if (fault.Address is { } place)
        {
            ulong address = panic.Number("cr2");
            expect.That(IsAt(outcome, address, place, core), $"CR2 0x{address:x} of '{fault.Kind}' is not in {place}");
        }

        Record(expect, outcome, panic);
    }

    // The record says which build and which tables, every register once, and where the code was.
    private static void Record(Expectations expect, VmOutcome outcome, SerialRecord panic)
    {
        InstanceReport? dead = InstanceReport.Healthy(outcome.Records)
            .FirstOrDefault(instance => instance.Core == panic.SmallNumber("core"));
        expect.Equal(dead?.Tables ?? 0, panic.Number("cr3") & PageTableEntry.AddressMask, "CR3 of the dead instance");
        expect.Equal(outcome.RecordsOf("image")[0]["build"], panic["build"], "build id in the record");
        expect.Equal(
            "r10 r11 r12 r13 r14 r15 r8 r9 rax rbp rbx rcx rdi rdx rsi",
            string.Join(' ', outcome.RecordsOf("register").Select(record => record["name"]).Order(StringComparer.Ordinal)),
            "registers in the record");
        SerialRecord? innermost = outcome.RecordsOf("frame").FirstOrDefault();
        if (expect.That(innermost is not null, "no @frame record"))
        {
            expect.Equal(panic.Number("rip"), innermost!.Number("address"), "innermost frame");
        }
    }

    private static void Survivors(Expectations expect, VmOutcome outcome, int dead)
    {
        int[] others = [.. Enumerable.Range(0, outcome.Settings.Cores).Where(core => core != dead)];
        int[] survivors = [.. outcome.RecordsOf("survivor").Select(record => record.SmallNumber("core")).Order()];

        // After the coordinator's death its deputy reports, and can see no status page but its own.
        int[] expected = dead == 0 ? [others[0]] : others;
        expect.Equal(string.Join(' ', expected), string.Join(' ', survivors), $"survivors of core {dead}'s death");
        foreach (SerialRecord survivor in outcome.RecordsOf("survivor"))
        {
            expect.That(survivor.Number("heartbeat") > 0, $"no heartbeat: {survivor.Line}");
        }
    }

    private bool IsAt(VmOutcome outcome, ulong address, FaultAddress place, int core) => place switch
    {
        FaultAddress.Null => address < 4096,
        FaultAddress.StackGuard => address >= InstanceWindow.StackBase - 4096 && address < InstanceWindow.StackBase,
        FaultAddress.Stack => _window.RegionOf(address) == WindowRegion.Stack,
        FaultAddress.Text => _window.RegionOf(address) == WindowRegion.Text,
        FaultAddress.ReadOnly => _window.RegionOf(address) == WindowRegion.ReadOnly,
        FaultAddress.Data => _window.RegionOf(address) == WindowRegion.Data,
        FaultAddress.NextInstance => InstanceReport.Healthy(outcome.Records).Any(
            other => other.Core == (core + 1) % outcome.Settings.Cores && other.Owns(address)),
        _ => throw new ArgumentOutOfRangeException(nameof(place), place, null),
    };
}
