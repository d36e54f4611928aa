using System.Runtime.InteropServices;
using Atoll.Abi;
using Atoll.Coordinator;
using Atoll.Instance;
using Atoll.Kernel.Tests.Machine;
using Atoll.Syscall;
using Atoll.Trials;

namespace Atoll.Kernel.Tests.Multikernel;

/// <summary>Cores that programs order to be stopped, killed and started, step by step.</summary>
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
            Settle(machine, core, MemberState.Dead);
            Order(machine, core, MemberOrder.Release);
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

    /// <summary>A stop is a death: the memory is kept, nothing follows by itself, and another life has the same block.</summary>
    [Fact]
    public void Stop_KeepsTheDead_UntilAnotherOrder() => Seeds.ForEach(6, random =>
    {
        using SimulatedMultikernel machine = Start(random, "workload=none");
        uint core = (uint)random.Next(1, machine.Members.Count);
        for (ulong life = 1; life <= 3; life++)
        {
            ulong bytes = Row(machine, core).Bytes;
            Order(machine, core, MemberOrder.Stop);
            Settle(machine, core, MemberState.Dead);
            Assert.Equal((MemberCause.Order, life, bytes), (Condition(machine, core).Cause, Row(machine, core).Incarnation, Row(machine, core).Bytes));

            Order(machine, core, MemberOrder.Start);
            Settle(machine, core, MemberState.Healthy);
            Assert.Equal((life + 1, bytes), (Row(machine, core).Incarnation, Row(machine, core).Bytes));
            Assert.True(machine.Members[1].State->Deputy.IsDeputy || machine.Members[2].State->Deputy.IsDeputy);
        }

        Assert.Equal(3, machine.Lines.Count(line => line.StartsWith($"@restarted core={core} ", StringComparison.Ordinal)));
        MachineAccounts.AssertNothingIsLost(machine);
    });

    /// <summary>Who watches sees why: each change has a number of its own, in the order in which they came.</summary>
    [Theory]
    [InlineData(MemberOrder.Panic, MemberCause.Panic)]
    [InlineData(MemberOrder.Stop, MemberCause.Order)]
    public void Death_SaysWhy(MemberOrder order, MemberCause cause) => Seeds.ForEach(2, random =>
    {
        using SimulatedMultikernel machine = Start(random, "workload=none");
        ulong before = Enumerable.Range(0, machine.Members.Count).Max(core => Row(machine, (uint)core).Change);
        Order(machine, 1, order);
        Settle(machine, 1, MemberState.Dead);

        // Whoever is stopped is fenced first.
        ulong changes = cause == MemberCause.Panic ? 1ul : 2;
        Assert.Equal((cause, before + changes), (Condition(machine, 1).Cause, Row(machine, 1).Change));
        Assert.InRange(Row(machine, 1).ChangedAt, 1ul, machine.Now);
    });

    /// <summary>What an instance leaves in its coordinator when it is stopped and its memory given back is what was there before it was provisioned: the same bytes.</summary>
    [Fact]
    public void ProvisionAndStop_IsUndoneExactly() => Seeds.ForEach(4, random =>
    {
        using SimulatedMultikernel machine = Start(random, "workload=none");
        uint core = (uint)machine.Members.Count - 1;
        byte[]? empty = null;
        UndoWatch watch = default;
        const int Cycles = 8;
        for (int cycle = 0; cycle < Cycles; cycle++)
        {
            Order(machine, core, MemberOrder.Stop);
            Settle(machine, core, MemberState.Dead);
            Order(machine, core, MemberOrder.Release);
            Settle(machine, core, MemberState.Empty);
            byte[] now = Holdings(machine, core);
            Assert.Equal(empty ?? now, now);
            empty = now;
            watch.Look(ref *machine.Members[0].State, ref machine.Coordinator);
            watch.Look(ref *machine.Members[0].State, ref machine.Coordinator);
            Order(machine, core, MemberOrder.Start);
            Settle(machine, core, MemberState.Healthy);
            Assert.NotEqual(empty, Holdings(machine, core));
        }

        // What the image for tests says of it in a machine (vm undo).
        ref HostileStatus told = ref HostileStatus.Of(ref machine.Members[0].State->Map.Status);
        Assert.Equal((Cycles - 1ul, Cycles - 1ul), (told.Undone, told.UndoneExactly));
    });

    /// <summary>The watch of the image for tests sees a single bit that is left.</summary>
    [Fact]
    public void WhatIsLeftOfAnInstance_IsSeenByTheHash() => Seeds.ForEach(2, random =>
    {
        using SimulatedMultikernel machine = Start(random, "workload=none");
        uint core = (uint)machine.Members.Count - 1;
        UndoWatch watch = default;
        for (int cycle = 0; cycle < 3; cycle++)
        {
            Order(machine, core, MemberOrder.Stop);
            Settle(machine, core, MemberState.Dead);
            Order(machine, core, MemberOrder.Release);
            Settle(machine, core, MemberState.Empty);
            machine.Coordinator.Instances[(int)core].StraysReported = (ulong)(cycle == 1 ? 1 : 0);
            watch.Look(ref *machine.Members[0].State, ref machine.Coordinator);
            machine.Coordinator.Instances[(int)core].StraysReported = 0;
            Order(machine, core, MemberOrder.Start);
            Settle(machine, core, MemberState.Healthy);
        }

        ref HostileStatus told = ref HostileStatus.Of(ref machine.Members[0].State->Map.Status);
        Assert.Equal((2ul, 0ul), (told.Undone, told.UndoneExactly));
    });

    /// <summary>Any orders at any moments, several at once: nothing is lost, and whoever lives works.</summary>
    [Fact]
    public void AnyOrders_AtAnyMoment() => Seeds.ForEach(15, random =>
    {
        using SimulatedMultikernel machine = Start(random, "workload=matrix messages=20");
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
            core => Condition(machine, (uint)core).State == MemberState.Healthy));
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
        machine.RunUntil(() => machine.IsQuiet && Condition(machine, core).State == state);

    private static ref MemberRow Row(SimulatedMultikernel machine, uint core) => ref machine.Members[0].State->Kernel.Members.Rows[core];

    private static MemberCondition Condition(SimulatedMultikernel machine, uint core) => new(Row(machine, core).Condition);

    // What the coordinator holds because of one core, and all of its pools: but for the numbers that count lives and changes.
    private static byte[] Holdings(SimulatedMultikernel machine, uint core)
    {
        ref CoordinatorState coordinator = ref machine.Coordinator;
        InstanceEntry entry = default;
        Copy(ref coordinator.Instances[(int)core], ref entry);
        entry.Row.Incarnation = 0;
        entry.Row.Heartbeat = 0;
        entry.Row.Change = 0;
        entry.Row.ChangedAt = 0;
        return
        [
            .. Bytes(ref entry), .. Bytes(ref coordinator.Pool), .. Bytes(ref coordinator.Links), .. Bytes(ref coordinator.Channels),
            .. Bytes(ref coordinator.Starting),
        ];
    }

    private static void Copy(ref InstanceEntry from, ref InstanceEntry to) => Bytes(ref from).CopyTo(Bytes(ref to));

    private static Span<byte> Bytes<T>(ref T value)
        where T : unmanaged => MemoryMarshal.AsBytes(new Span<T>(ref value));

    // Free, or in links between members.
    private static ulong Frames(SimulatedMultikernel machine) => machine.Coordinator.Pool.FreeFrames + (2 * (ulong)machine.LinkRecordCount);
}
