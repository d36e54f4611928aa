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
    public static void Inspect(ScenarioRun run, string bootParameters, Action<MachineView, Expectations> inspect)
    {
        VmSettings settings = run.Settings(bootParameters);
        using VmMachine machine = VmMachine.Start(settings);
        MachineView? view = null;
        if (machine.Serial.WaitFor("hold", settings.TimeLimit) is not null)
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
    }

    private static MachineView Capture(VmMachine machine, VmSettings settings)
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
