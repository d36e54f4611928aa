using Atoll.TestVm.Guest;
using Atoll.TestVm.Image;
using Atoll.TestVm.Isolation;
using Atoll.TestVm.Machine;
using Atoll.TestVm.Serial;

namespace Atoll.TestVm.Scenarios;

/// <summary>Boots until <c>@hold</c>, stops the cores, takes memory and registers, looks, and lets the guest end.</summary>
public static class StoppedMachine
{
    /// <summary>Boots with <c>end=hold</c> and inspects.</summary>
    /// <returns>How the guest ended. That it passed has been checked.</returns>
    /// <param name="run">The run.</param>
    /// <param name="bootParameters">Boot parameters.</param>
    /// <param name="inspect">Looks at the machine.</param>
    /// <param name="reports">Live reports to wait for after <c>@hold</c>, so that what is on its way arrives.</param>
    public static VmOutcome Inspect(
        ScenarioRun run, string bootParameters, Action<MachineView, Expectations> inspect, int reports = 0)
    {
        VmSettings settings = run.Settings(bootParameters);
        using VmMachine machine = VmMachine.Start(settings);
        MachineView? view = null;
        if (machine.Serial.WaitUntil(records => HasSettled(records, reports), settings.TimeLimit))
        {
            machine.Qmp.StopCores();
            view = Capture(machine, settings);
            machine.Qmp.ContinueCores();
            machine.Send("q");
        }

        VmOutcome outcome = machine.WaitForEnd();
        run.Check(outcome, expect =>
        {
            expect.Passed(outcome);
            if (expect.That(view is not null, "no @hold"))
            {
                inspect(view!, expect);
            }
        });
        return outcome;
    }

    private static bool HasSettled(IReadOnlyList<SerialRecord> records, int reports)
    {
        SerialRecord[] afterwards = [.. records.SkipWhile(record => record.Name != "hold")];
        return afterwards.Length > 0 && afterwards.Count(record => record.Name == "live" && record["core"] == "0") >= reports;
    }

    /// <summary>Takes memory and registers of a machine whose cores stand still.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="settings">What it was started with.</param>
    public static MachineView Capture(VmMachine machine, VmSettings settings)
    {
        IReadOnlyList<CpuRegisters> cpus = CpuRegisters.Parse(machine.Qmp.Monitor("info registers -a"));
        IReadOnlyList<SerialRecord> records = machine.Serial.Records;
        return new MachineView(
            SaveMemory(machine, settings.MemoryMiB),
            cpus,
            new InstanceWindow(ElfImage.ReadSegments(settings.ImagePath)),
            InstanceReport.Healthy(records),
            LinkReport.From(records),
            PrivatePageReport.From(records));
    }

    /// <summary>Takes memory of a machine that runs, while its cores stand still.</summary>
    public static PhysicalMemory Memory(VmMachine machine, int memoryMiB)
    {
        machine.Qmp.StopCores();
        PhysicalMemory memory = SaveMemory(machine, memoryMiB);
        machine.Qmp.ContinueCores();
        return memory;
    }

    private static PhysicalMemory SaveMemory(VmMachine machine, int memoryMiB)
    {
        string file = Path.GetTempFileName();
        try
        {
            machine.Qmp.SavePhysicalMemory(0, (ulong)memoryMiB << 20, file);
            return new PhysicalMemory(File.ReadAllBytes(file));
        }
        finally
        {
            File.Delete(file);
        }
    }
}
