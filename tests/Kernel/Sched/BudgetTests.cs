using Atoll.Abi;
using Atoll.Cap;
using Atoll.Kernel.Tests.Syscall;
using Atoll.Kernel.Tests.Syscall.Model;
using Atoll.Sched;

namespace Atoll.Kernel.Tests.Sched;

/// <summary>Budgets and turns (docs/programs.md, "Time"; seL4 reference manual, MCS, "Scheduling Contexts").</summary>
public sealed class BudgetTests() : ProgramTest(CallPath.Fast)
{
    [Fact]
    public void LimitedThread_RunsItsBudget_InEachPeriod()
    {
        Program limited = World.Spawn("limited", 20, budget: 100, period: 1000), other = World.Spawn("other", 10);
        Start();
        World.Advance(99);
        Assert.Equal(limited, World.RunningProgram);
        World.Advance(1);
        Assert.Equal(other, World.RunningProgram);
        World.Advance(899);
        Assert.Equal(other, World.RunningProgram);
        World.Advance(1);
        Assert.Equal(limited, World.RunningProgram);
        World.Advance(10_000);
        KernelInvariants.Check(World);
        Invoke(World.RunningProgram!, other.Slot, ThreadOperation.Describe);
        Assert.Equal(11_000UL, limited.Time.Value.Used + other.Time.Value.Used);
        Assert.Equal(1_100UL, limited.Time.Value.Used);
    }

    /// <summary>The end of one budget and the beginning of the next, and no more.</summary>
    [Fact]
    public void WhoSleptLong_HasAtMostTwoBudgetsInARow()
    {
        uint notification = Make(CapabilityType.Notification);
        Program limited = World.Spawn("limited", 20, budget: 100, period: 1000), other = World.Spawn("other", 10);
        Start();
        Receive(limited, notification);
        World.Advance(5_000);
        Send(other, notification);
        World.Advance(199);
        Assert.Equal(limited, World.RunningProgram);
        World.Advance(1);
        Assert.Equal(other, World.RunningProgram);
        World.Advance(899);
        Assert.Equal(other, World.RunningProgram);
        World.Advance(1);
        Assert.Equal(limited, World.RunningProgram);
    }

    [Fact]
    public void EqualPriorities_TakeTurns()
    {
        Program one = World.Spawn("one", 10, budget: 100, period: 100), two = World.Spawn("two", 10, budget: 50, period: 50);
        Start();
        Assert.Equal(one, World.RunningProgram);
        World.Advance(100);
        Assert.Equal(two, World.RunningProgram);
        World.Advance(50);
        Assert.Equal(one, World.RunningProgram);
        World.Advance(150 * 100);
        Invoke(World.RunningProgram!, one.Slot, ThreadOperation.Describe);
        Assert.Equal((101 * 100UL, 101 * 50UL), (one.Time.Value.Used, two.Time.Value.Used));
    }

    [Fact]
    public void WhenNobodyWaitsForATurn_ThereIsNoTick()
    {
        World.Spawn("one", 20);
        World.Spawn("lower", 10);
        Start();
        Assert.Equal(ulong.MaxValue, World.TimerAt);
    }

    /// <summary>The timer was not set when the running thread came down to the priority of others: they never had a turn.</summary>
    [Fact]
    public void RunningThreadThatComesDownToOthers_SharesWithThem()
    {
        Program one = World.Spawn("one", 20, budget: 100, period: 100), two = World.Spawn("two", 10);
        Start();
        Invoke(one, one.Slot, ThreadOperation.SetPriority, 10);
        Assert.Equal(one, World.RunningProgram);
        World.Advance(100);
        Assert.Equal(two, World.RunningProgram);
    }

    /// <summary>It waited for the next budget of those that it had no longer.</summary>
    [Fact]
    public void NewBudget_IsThereAtOnce()
    {
        Program limited = World.Spawn("limited", 20, budget: 100, period: 100_000), other = World.Spawn("other", 10);
        Start();
        World.Advance(100);
        Assert.Equal(other, World.RunningProgram);
        Invoke(other, KernelWorld.SchedulingSlot, SchedulingControlOperation.Configure, limited.TimeSlot, 200, 1000);
        Assert.Equal(limited, World.RunningProgram);
        World.Advance(200);
        Assert.Equal(other, World.RunningProgram);
    }

    /// <summary>The period of a budget that is set while it is used began with the next one: there were two in a row.</summary>
    [Fact]
    public void NewBudgetOfTheRunningThread_IsOneBudget()
    {
        Program limited = World.Spawn("limited", 20, budget: 100, period: 100_000), other = World.Spawn("other", 10);
        Start();
        Invoke(limited, KernelWorld.SchedulingSlot, SchedulingControlOperation.Configure, limited.TimeSlot, 200, 1000);
        World.Advance(200);
        Assert.Equal(other, World.RunningProgram);
        World.Advance(799);
        Assert.Equal(other, World.RunningProgram);
        World.Advance(1);
        Assert.Equal(limited, World.RunningProgram);
    }

    [Theory]
    [InlineData(9, 9, SystemResult.ArgumentInvalid, 1)]
    [InlineData(20, 19, SystemResult.ArgumentInvalid, 1)]
    [InlineData(ulong.MaxValue, ulong.MaxValue, SystemResult.ArgumentInvalid, 2)]
    [InlineData(10, 3_600_000_001, SystemResult.ArgumentInvalid, 2)]
    [InlineData(10, 3_600_000_000, SystemResult.Ok, 0)]
    public void BudgetThatIsNone_IsRefused(ulong budget, ulong period, SystemResult result, ulong word)
    {
        Program program = World.Spawn("program", 20);
        Start();
        Assert.Equal(result, Invoke(program, KernelWorld.SchedulingSlot, SchedulingControlOperation.Configure, program.TimeSlot, budget,
            period));
        Assert.Equal(word, program.Context.Rdx);
    }

    /// <summary>A turn of round robin that is over is no budget that has ended: the thread goes on at once when it is woken.</summary>
    [Fact]
    public void ThreadWithoutALimit_IsNeverKeptWaitingForABudget()
    {
        uint notification = Make(CapabilityType.Notification);
        Program program = World.Spawn("program", 20, budget: 100, period: 100), other = World.Spawn("other", 10);
        Start();
        World.Advance(5_000);
        Receive(program, notification);
        Send(other, notification);
        Assert.Equal(program, World.RunningProgram);
    }

    [Fact]
    public void Deadlines_AreTakenInTheirOrder()
    {
        Program early = World.Spawn("early", 1, isPassive: true), late = World.Spawn("late", 1, isPassive: true);
        late.Record.Deadline = 20;
        early.Record.Deadline = 10;
        World.Scheduler.Deadlines.Add(late.Thread);
        World.Scheduler.Deadlines.Add(early.Thread);
        Assert.True(Budgets.TakeDue(ref World.Scheduler, 9).IsNull);
        Assert.True(Budgets.TakeDue(ref World.Scheduler, 20).Is(early.Thread));
        Assert.True(Budgets.TakeDue(ref World.Scheduler, 20).Is(late.Thread));
        Assert.True(Budgets.TakeDue(ref World.Scheduler, ulong.MaxValue).IsNull);
    }
}
