using System.Collections.Concurrent;
using System.Text;
using Atoll.Abi;
using Atoll.Services.Http;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Http.Tests.Site;

/// <summary>A program of a machine that is not there.</summary>
public sealed class PretendedProgram(string name)
{
    public string Name { get; } = name;

    public ProgramState State { get; set; } = ProgramState.Running;

    public uint Starts { get; set; } = 1;

    public ulong SystemCalls { get; set; }
}

/// <summary>A machine that is not there: what it has counted grows with each look.</summary>
public sealed class PretendedMachine
{
    private long _looks;

    public List<PretendedProgram> Programs { get; } = [new("console"), new("supervisor"), new("shell"), new("http")];

    public uint Cores { get; init; } = 4;

    /// <summary>The core that serves.</summary>
    public uint Core { get; init; }

    /// <summary>Programs of other cores that have told lately.</summary>
    public ConcurrentDictionary<uint, List<PretendedProgram>> Others { get; } = [];

    /// <summary>Microseconds of it that pass with each look.</summary>
    public ulong Pace { get; init; } = 1000;

    public bool IsInitSilent { get; set; }

    /// <summary>How often a device was stopped; null: nobody hands devices out.</summary>
    public ulong? DeviceFaults { get; set; }

    public ulong Look() => (ulong)Interlocked.Increment(ref _looks);

    public MachineView View() => new(this);
}

/// <summary>What a site is given of it.</summary>
public readonly struct MachineView(PretendedMachine machine) : IMachine
{
    public void Describe(out InstanceFacts facts)
    {
        ulong looks = machine.Look();
        facts = FactsOf(machine.Core, looks);
    }

    public uint CountPrograms() => machine.IsInitSilent ? 0 : (uint)machine.Programs.Count;

    public bool TryDescribe(uint program, ref ProgramName name, out ProgramFacts facts)
    {
        facts = default;
        if (machine.IsInitSilent || program >= machine.Programs.Count)
        {
            return false;
        }

        Tell(machine.Programs[(int)program], 100 + program, ref name, out facts);
        return true;
    }

    public bool TryDescribeCore(uint core, out InstanceFacts facts, out uint programs)
    {
        bool isTold = machine.Others.TryGetValue(core, out List<PretendedProgram>? told);
        facts = isTold ? FactsOf(core, machine.Look()) : default;
        programs = (uint)(told?.Count ?? 0);
        return isTold;
    }

    public bool TryDescribeProgram(uint core, uint place, ref ProgramName name, out ProgramFacts facts)
    {
        facts = default;
        bool isTold = machine.Others.TryGetValue(core, out List<PretendedProgram>? told) && place < told.Count;
        if (isTold)
        {
            Tell(told![(int)place], 200 + place, ref name, out facts);
        }

        return isTold;
    }

    private static void Tell(PretendedProgram found, uint priority, ref ProgramName name, out ProgramFacts facts)
    {
        name = default;
        Encoding.UTF8.GetBytes(found.Name).CopyTo(Text.FieldOf(ref name));
        facts = new ProgramFacts
        {
            NameLength = (uint)found.Name.Length,
            State = found.State,
            Starts = found.Starts,
            Priority = priority,
            MemoryBytes = 128 << 10,
            Ran = found.SystemCalls * 2,
            SystemCalls = found.SystemCalls += 5,
        };
    }

    private InstanceFacts FactsOf(uint core, ulong looks) =>
        new()
        {
            Core = core,
            Cores = machine.Cores,
            Uptime = 1_234_567 + (looks * machine.Pace),
            MemoryBytes = 8 << 20,
            FreeBytes = 3 << 20,
            SystemCalls = looks * 7,
            Switches = looks * 3,
            Interrupts = looks,
            WakeUps = looks * 2,
            Slept = looks * machine.Pace * 9 / 10,
            HasDevices = machine.DeviceFaults is not null,
            AreDevicesHeld = machine.DeviceFaults is not null,
            DeviceFaults = machine.DeviceFaults ?? 0,
        };
}
