using Atoll.TestVm.Guest;
using Atoll.TestVm.Machine;
using Atoll.TestVm.Serial;

namespace Atoll.TestVm.Scenarios;

/// <summary>Boots a machine in which one core does not come up in time, and checks that the rest does without it.</summary>
internal static class FailedStart
{
    private const ulong Messages = 1000;
    private const int DeadlineMilliseconds = 20;

    // A late core would begin 200 ms after its deadline: by the second report it has had its chance.
    private const int LivePeriodMilliseconds = 300;

    /// <summary>Boots and checks.</summary>
    /// <param name="run">The run.</param>
    /// <param name="parameter"><c>start.never</c> or <c>start.late</c>.</param>
    public static void Run(ScenarioRun run, string parameter)
    {
        int missing = run.Shape.Cores - 2;
        VmOutcome complete = run.Boot($"messages={Messages} end=pass");
        run.Check(complete, expect =>
        {
            expect.Passed(complete);
            BootExpectations.AllHealthy(expect, complete, run.Shape.Cores);
        });
        if (run.Failures.Count > 0)
        {
            return;
        }

        VmOutcome outcome = BootAndWait(run, $"start.deadline={DeadlineMilliseconds} {parameter}={missing}");
        run.Check(outcome, expect =>
        {
            int[] live = [.. Enumerable.Range(0, run.Shape.Cores).Where(core => core != missing)];
            expect.Passed(outcome);
            BootExpectations.BootDone(expect, outcome, live.Length, failed: 1);
            expect.Equal(0, outcome.RecordsOf("panic").Count, "@panic records");
            SerialRecord? failed = outcome.RecordsOf("start-failed").SingleOrDefault();
            if (expect.That(failed is not null, "expected one @start-failed record"))
            {
                expect.Equal((missing, "deadline"), (failed!.SmallNumber("core"), failed["reason"]), "core and reason");
            }

            expect.Equal(
                string.Join(' ', live),
                string.Join(' ', InstanceReport.Healthy(outcome.Records).Select(instance => instance.Core).Order()),
                "healthy instances");
            RingExpectations.OneRing(expect, outcome, live);
            RingExpectations.ExactCounts(expect, outcome, live, Messages);
            MemoryIsBack(expect, complete, outcome, missing);
        });
    }

    private static VmOutcome BootAndWait(ScenarioRun run, string parameters)
    {
        VmSettings settings = run.Settings($"messages={Messages} end=hold live={LivePeriodMilliseconds} {parameters}");
        using VmMachine machine = VmMachine.Start(settings);
        machine.Serial.WaitUntil(
            records => records.Any(record => record.Name == "hold")
                && records.Count(record => record.Name == "live" && record["core"] == "0") >= 2,
            settings.TimeLimit);
        machine.Send("q");
        return machine.WaitForEnd();
    }

    // What the missing core would have taken is free again: its block and at least nothing more is gone.
    private static void MemoryIsBack(Expectations expect, VmOutcome complete, VmOutcome outcome, int missing)
    {
        if (outcome.RecordsOf("memory").Count != 1)
        {
            expect.That(false, "expected one @memory record");
            return;
        }

        ulong block = (ulong)InstanceReport.Healthy(complete.Records).Single(instance => instance.Core == missing).Pages * 4096;
        ulong before = complete.RecordsOf("memory").Single().Number("free");
        ulong after = outcome.RecordsOf("memory").Single().Number("free");
        expect.That(after >= before + block, $"free with the core: {before}; without it: {after}; its block has {block} bytes");
    }
}
