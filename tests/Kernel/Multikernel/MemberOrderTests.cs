using Atoll.Abi;
using Atoll.Instance;
using Atoll.Kernel.Tests.Machine;
using Atoll.Syscall;

namespace Atoll.Kernel.Tests.Multikernel;

/// <summary>Cores that programs order to be stopped, killed and started, and the policy for those that die.</summary>
public sealed unsafe class MemberOrderTests
{
    /// <summary>Provision and stop, again and again: what is not in the pool is somebody's each time, and as much as before.</summary>
    [Fact]
    public void Churn_LeavesNothingBehind() => Seeds.ForEach(6, random =>
    {
        string workload = ((string[])["none", "matrix messages=20", "ring messages=20"])[random.Next(3)];
        using SimulatedMultikernel machine = Start(random, $"workload={workload}");
        ulong full = Frames(machine);
        for (int cycle = 0; cycle < 12; cycle++)
        {
            uint core = (uint)random.Next(1, machine.Members.Count);
            ulong block = machine.Coordinator.Instances[(int)core].Plan.PageCount + 2;
            Order(machine, core, MemberOrder.Stop);
            Settle(machine, core, MemberState.Empty);
            Assert.Equal(full + block, Frames(machine));
            Assert.Equal(0ul, Row(machine, core).Bytes);

            Order(machine, core, MemberOrder.Start);
            Settle(machine, core, MemberState.Healthy);
            Assert.Equal(full, Frames(machine));
            Assert.Equal((ulong)(block * ImageLayout.PageSizeBytes), Row(machine, core).Bytes);
        }

        MachineAccounts.AssertNothingIsLost(machine);
    });

    /// <summary>Two restarts in a minute and no third; whoever orders it gets one nevertheless.</summary>
    [Fact]
    public void Policy_StartsTheDead_UntilItsBudgetIsSpent() => Seeds.ForEach(6, random =>
    {
        using SimulatedMultikernel machine = Start(random, "workload=none restarts=2 restarts.window=60");
        uint core = (uint)random.Next(1, machine.Members.Count);
        for (ulong life = 2; life <= 3; life++)
        {
            Order(machine, core, MemberOrder.Kill);
            machine.RunUntil(() => machine.IsQuiet && Row(machine, core).State == (ulong)MemberState.Healthy && Row(machine, core).Incarnation == life);
        }

        Order(machine, core, MemberOrder.Kill);
        Settle(machine, core, MemberState.Dead);
        Assert.NotEqual(0ul, Row(machine, core).Bytes);

        Order(machine, core, MemberOrder.Start);
        Settle(machine, core, MemberState.Healthy);
        Assert.Equal(4ul, Row(machine, core).Incarnation);
        Assert.Equal(3, machine.Lines.Count(line => line.StartsWith($"@restarted core={core} ", StringComparison.Ordinal)));
        MachineAccounts.AssertNothingIsLost(machine);
    });

    /// <summary>A restart does not ask the policy.</summary>
    [Fact]
    public void Restart_IsAnotherLife() => Seeds.ForEach(6, random =>
    {
        using SimulatedMultikernel machine = Start(random, "workload=none");
        Order(machine, 1, MemberOrder.Restart);
        machine.RunUntil(() => machine.IsQuiet && Row(machine, 1).State == (ulong)MemberState.Healthy && Row(machine, 1).Incarnation == 2);

        Assert.True(machine.Members[1].State->Deputy.IsDeputy || machine.Members[2].State->Deputy.IsDeputy);
    });

    /// <summary>Any orders at any moments, several at once: nothing is lost, and whoever lives works.</summary>
    [Fact]
    public void AnyOrders_AtAnyMoment() => Seeds.ForEach(15, random =>
    {
        using SimulatedMultikernel machine = Start(random, $"workload=matrix messages=20 restarts={random.Next(3)}");
        int left = 20;
        machine.Breaking = _ =>
        {
            if (left > 0 && random.Next(20) == 0)
            {
                left--;
                Order(machine, (uint)random.Next(1, machine.Members.Count), (MemberOrder)random.Next(1, 5));
            }
        };
        ulong calmAt = machine.Now + 30_000_000;
        machine.RunUntil(() => machine.Now > calmAt && machine.IsQuiet);
        left = 0;
        for (uint core = 1; core < machine.Members.Count; core++)
        {
            Order(machine, core, MemberOrder.Start);
        }

        machine.RunUntil(() => machine.IsQuiet && Enumerable.Range(1, machine.Members.Count - 1).All(
            core => Row(machine, (uint)core).State == (ulong)MemberState.Healthy));
        MachineAccounts.AssertNothingIsLost(machine);
    });

    private static SimulatedMultikernel Start(Random random, string line)
    {
        var machine = new SimulatedMultikernel(random.Next(3, 6), random, $"{line} end=never idle.turns={random.Next(20)}", x2Apic: random.Next(2) == 0)
        {
            TicksMax = 60_000_000_000,
        };
        machine.RunUntil(() => machine.IsQuiet);
        return machine;
    }

    private static void Order(SimulatedMultikernel machine, uint core, MemberOrder order)
    {
        Row(machine, core).Order = order;
        machine.Members[0].State->Kernel.Members.HasOrders = true;
    }

    private static void Settle(SimulatedMultikernel machine, uint core, MemberState state) =>
        machine.RunUntil(() => machine.IsQuiet && Row(machine, core).State == (ulong)state);

    private static ref MemberRow Row(SimulatedMultikernel machine, uint core) => ref machine.Members[0].State->Kernel.Members.Rows[core];

    // Free, or in links between members.
    private static ulong Frames(SimulatedMultikernel machine) => machine.Coordinator.Pool.FreeFrames + (2 * (ulong)machine.LinkRecordCount);
}
