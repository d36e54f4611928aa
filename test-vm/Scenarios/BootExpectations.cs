using Atoll.TestVm.Guest;
using Atoll.TestVm.Machine;
using Atoll.TestVm.Serial;

namespace Atoll.TestVm.Scenarios;

/// <summary>What holds after any boot in which nothing was meant to go wrong.</summary>
public static class BootExpectations
{
    private static readonly string[] s_phases = ["entry", "memory", "tables", "instance", "started", "linked"];

    /// <summary>Each phase is reported once, in order, and time does not run backwards.</summary>
    public static void PhasesInOrder(Expectations expect, VmOutcome outcome)
    {
        IReadOnlyList<SerialRecord> phases = outcome.RecordsOf("boot");
        expect.Equal(string.Join(' ', s_phases), string.Join(' ', phases.Select(record => record["phase"])), "boot phases");
        for (int i = 1; i < phases.Count; i++)
        {
            expect.That(
                phases[i].Number("tsc") >= phases[i - 1].Number("tsc"),
                $"phase '{phases[i]["phase"]}' ended before '{phases[i - 1]["phase"]}'");
        }

        expect.Equal(1, outcome.RecordsOf("image").Count, "@image records");
        expect.Equal(1, outcome.RecordsOf("clock").Count, "@clock records");
        foreach (SerialRecord memory in outcome.RecordsOf("memory"))
        {
            expect.That(memory.Number("free") < memory.Number("usable"), $"more memory free than usable: {memory.Line}");
            ulong limit = (ulong)outcome.Settings.MemoryMiB << 20;
            expect.That(memory.Number("usable") <= limit, $"more memory usable than the machine has: {memory.Line}");
        }

        expect.Equal(1, outcome.RecordsOf("memory").Count, "@memory records");
    }

    /// <summary>There are exactly <paramref name="cores"/> instances, all healthy, no memory in two of them.</summary>
    public static void AllHealthy(Expectations expect, VmOutcome outcome, int cores)
    {
        IReadOnlyList<InstanceReport> instances = InstanceReport.Healthy(outcome.Records);
        expect.Equal(cores, outcome.RecordsOf("instance").Count, "@instance records");
        expect.Equal(
            string.Join(' ', Enumerable.Range(0, cores)),
            string.Join(' ', instances.Select(instance => instance.Core).Order()),
            "healthy instances");
        BootDone(expect, outcome, cores, failed: 0);
        expect.Equal(0, outcome.RecordsOf("panic").Count, "@panic records");
        expect.Equal(0, outcome.RecordsOf("stray").Count, "@stray records");
        DistinctMemory(expect, instances);
    }

    /// <summary>The closing record of the boot has these counts.</summary>
    public static void BootDone(Expectations expect, VmOutcome outcome, int instances, int failed)
    {
        IReadOnlyList<SerialRecord> done = outcome.RecordsOf("boot-done");
        if (expect.Equal(1, done.Count, "@boot-done records"))
        {
            expect.Equal(instances, done[0].SmallNumber("instances"), "instances up");
            expect.Equal(failed, done[0].SmallNumber("failed"), "instances given up");
        }
    }

    private static void DistinctMemory(Expectations expect, IReadOnlyList<InstanceReport> instances)
    {
        expect.Equal(instances.Count, instances.Select(instance => instance.ApicId).Distinct().Count(), "different APIC ids");
        InstanceReport[] byBase = [.. instances.OrderBy(instance => instance.Base)];
        for (int i = 1; i < byBase.Length; i++)
        {
            expect.That(
                byBase[i - 1].End <= byBase[i].Base,
                $"the private blocks of cores {byBase[i - 1].Core} and {byBase[i].Core} overlap");
        }

        foreach (InstanceReport instance in instances)
        {
            expect.That(instance.Owns(instance.Tables), $"core {instance.Core}: its PML4 is not in its own block");
            expect.That(instance.Instructions > 0, $"core {instance.Core}: healthy after no instruction");
        }
    }
}
