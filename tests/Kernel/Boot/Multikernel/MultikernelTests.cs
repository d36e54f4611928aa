using Atoll.Boot;
using Atoll.Kernel.Tests.Machine;

namespace Atoll.Kernel.Tests.Boot;

/// <summary>Whole machines from the linking of the ring to the verdict, in random orders of turns.</summary>
public sealed class MultikernelTests
{
    private const byte Passed = 0x10;
    private const byte Failed = 0x11;

    [Fact]
    public void EveryMessage_GoesRoundTheRing() => Seeds.ForEach(8, random =>
    {
        int cores = random.Next(1, 9);
        int messages = random.Next(1, 400);
        using var machine = new SimulatedMultikernel(cores, random, $"ring.messages={messages} end=pass");

        machine.Run();

        Assert.Equal(Passed, machine.ExitCode);
        Assert.Equal("@verdict result=pass", machine.Lines[^1]);
        for (int core = 0; core < cores; core++)
        {
            Assert.Single(machine.Lines, line => IsRingRecord(line, core)
                && line.EndsWith($" sent={messages} received={messages} errors=0", StringComparison.Ordinal));
            Assert.Single(machine.Lines, line =>
                line.StartsWith($"@link producer={core} consumer={(core + 1) % cores} ", StringComparison.Ordinal));
        }
    });

    [Fact]
    public void MemberThatDies_IsReported_AndTheOthersGoOn() => Seeds.ForEach(8, random =>
    {
        int cores = random.Next(2, 8);
        int victim = random.Next(1, cores);
        (string fault, string reason) = random.Next(3) switch
        {
            0 => ("check", "check-failed"),
            1 => ("undefined", "invalid-opcode"),
            _ => ("nmi", "nmi"),
        };
        using var machine = new SimulatedMultikernel(
            cores, random, $"ring.messages=600 end=pass fault={fault}@{victim}", victim);

        machine.Run();

        Assert.Equal(Passed, machine.ExitCode);
        Assert.Single(
            machine.Lines, line => line.StartsWith($"@panic core={victim} reason={reason} ", StringComparison.Ordinal));
        Assert.DoesNotContain(machine.Lines, line => IsRingRecord(line, victim));
        foreach (int core in Enumerable.Range(0, cores).Where(core => core != victim))
        {
            Assert.Single(machine.Lines, line => line.StartsWith($"@survivor core={core} ", StringComparison.Ordinal));
            Assert.Single(machine.Lines, line =>
                IsRingRecord(line, core) && line.EndsWith(" errors=0", StringComparison.Ordinal));
        }
    });

    [Fact]
    public void CoordinatorThatDies_LeavesTheConsoleToItsDeputy() => Seeds.ForEach(8, random =>
    {
        int cores = random.Next(2, 7);
        using var machine = new SimulatedMultikernel(cores, random, "ring.messages=600 end=pass fault=check@0");

        machine.Run();

        Assert.Equal(Passed, machine.ExitCode);
        Assert.Single(
            machine.Lines, line => line.StartsWith("@panic core=0 reason=check-failed ", StringComparison.Ordinal));
        int panic = Array.FindIndex(machine.Lines, line => line.StartsWith("@panic ", StringComparison.Ordinal));
        int survivor = Array.FindIndex(
            machine.Lines, line => line.StartsWith("@survivor core=1 ", StringComparison.Ordinal));
        Assert.True(panic < survivor);
        Assert.Equal("@verdict result=pass", machine.Lines[^1]);
    });

    [Fact]
    public void StrayInterrupt_IsCountedAndKillsNobody() => Seeds.ForEach(4, random =>
    {
        int cores = random.Next(1, 5);
        int core = random.Next(cores);
        using var machine = new SimulatedMultikernel(
            cores, random, $"ring.messages=600 end=pass fault=stray-interrupt@{core}");

        machine.Run();

        Assert.Equal(Passed, machine.ExitCode);
        Assert.Single(machine.Lines, line => line == $"@stray core={core} vector=119 count=1");
        Assert.DoesNotContain(machine.Lines, line => line.StartsWith("@panic ", StringComparison.Ordinal));
    });

    /// <summary>
    /// An instance that does not answer is stopped once, its peers learn of it, and nobody waits for it.
    /// </summary>
    [Fact]
    public void InstanceThatHangs_IsFenced_AndAnnounced() => Seeds.ForEach(4, random =>
    {
        int cores = random.Next(3, 6);
        int hung = random.Next(1, cores);
        using var machine = new SimulatedMultikernel(cores, random, "ring.messages=50 end=pass");
        machine.Hung.Add(hung);

        machine.Run();

        Assert.Equal(Failed, machine.ExitCode);
        Assert.Equal("@verdict result=fail reason=start", machine.Lines[^1]);
        Assert.Single(machine.Lines, line => line == $"@start-failed core={hung} apic={hung * 2} reason=no-answer");
        Assert.Equal(InstanceLifecycle.Failed, machine.StateOf(hung));
        foreach (int core in Enumerable.Range(0, cores).Where(core => core != hung))
        {
            Assert.Single(machine.Lines, line => IsRingRecord(line, core));
        }
    });

    private static bool IsRingRecord(string line, int core) =>
        line.StartsWith($"@ring core={core} ", StringComparison.Ordinal);
}
