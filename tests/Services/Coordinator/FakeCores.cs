using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Tests.Machine;

namespace Atoll.Services.Tests.Coordinator;

/// <summary>The kernel's part of what becomes of cores, written from docs/system-calls.md: states, steps, notes, and who watches. It takes steps only when the test says.</summary>
public sealed class FakeCores
{
    /// <summary>Slot of the InstanceControl.</summary>
    public const uint Slot = 30;

    private readonly ServiceMachine _machine;
    private ulong _changes;

    /// <summary>A machine whose cores all run.</summary>
    public FakeCores(ServiceMachine machine, int cores)
    {
        _machine = machine;
        Rows = [.. Enumerable.Range(0, cores).Select(_ => new Row())];
        foreach (Row row in Rows)
        {
            Become(row, MemberState.Healthy);
            row.Life = 1;
        }

        machine.OnInstances = Do;
        machine.Put(Slot, new Capability(CapabilityType.InstanceControl, CapabilityRights.All, 0, 0));
    }

    /// <summary>Cores.</summary>
    public Row[] Rows { get; }

    /// <summary>Whether the image provokes faults.</summary>
    public bool ProvokesFaults { get; set; }

    /// <summary>Whether starts end badly, and how.</summary>
    public MemberCause StartsFailBy { get; set; }

    /// <summary>Steps that were taken, oldest first.</summary>
    public List<(int Core, MemberOrder Step)> Taken { get; } = [];

    /// <summary>Calls that failed because the program died in them: counts down to the one that is not answered; negative: none.</summary>
    public int DiesIn { get; set; } = -1;

    /// <summary>What the kernel does between two calls of the program; null: nothing.</summary>
    public Action? Between { get; set; }

    /// <summary>Whether anything is left to do.</summary>
    public bool HasWork => Rows.Any(row => row.Order != MemberOrder.None || row.State is MemberState.Fenced or MemberState.Provisioned);

    /// <summary>An instance dies by itself, or hangs and is fenced.</summary>
    public void Die(int core, MemberCause cause = MemberCause.Panic)
    {
        if (cause == MemberCause.Hang)
        {
            Become(Rows[core], MemberState.Fenced, cause);
        }

        Become(Rows[core], MemberState.Dead, cause);
    }

    /// <summary>Takes one step of one core that has something to do.</summary>
    public void Step(int core)
    {
        Row row = Rows[core];
        MemberOrder order = row.Order;
        row.Order = MemberOrder.None;
        if (order != MemberOrder.None)
        {
            Taken.Add((core, order));
        }

        switch (row.State)
        {
            case MemberState.Fenced:
                row.Order = order;
                Become(row, MemberState.Dead, row.Cause);
                break;
            case MemberState.Provisioned:
                row.Order = order;
                Finish(row);
                break;
            case MemberState.Healthy when order == MemberOrder.Stop:
                Become(row, MemberState.Fenced, MemberCause.Order);
                break;
            case MemberState.Healthy when order == MemberOrder.Hang:
                Become(row, MemberState.Fenced, MemberCause.Hang);
                break;
            case MemberState.Healthy when order == MemberOrder.Panic:
                Become(row, MemberState.Dead, MemberCause.Panic);
                break;
            case MemberState.Dead or MemberState.Empty or MemberState.Failed when order == MemberOrder.Start:
                row.Life++;
                Become(row, MemberState.Provisioned);
                break;
            case MemberState.Dead or MemberState.Empty or MemberState.Failed when order == MemberOrder.Release:
                Become(row, MemberState.Empty);
                break;
        }
    }

    private void Finish(Row row) => Become(
        row,
        StartsFailBy switch { MemberCause.None => MemberState.Healthy, MemberCause.Panic => MemberState.Dead, _ => MemberState.Failed },
        StartsFailBy);

    private void Become(Row row, MemberState state, MemberCause cause = MemberCause.None)
    {
        row.State = state;
        row.Cause = cause;
        row.Change = ++_changes;
        row.At = _machine.Now;
    }

    private SystemResult Do(ref CallFrame frame)
    {
        if (DiesIn == 0)
        {
            throw new ProgramDiedException();
        }

        DiesIn--;
        Between?.Invoke();
        if (frame.Word0 >= (ulong)Rows.Length)
        {
            return SystemResult.ArgumentInvalid;
        }

        Row row = Rows[frame.Word0];
        switch ((InstanceControlOperation)new MessageHeader(frame.Header).Label)
        {
            case InstanceControlOperation.Member:
                (frame.Word0, frame.Word1, frame.Word2, frame.Word3) = ((ulong)row.State | ((ulong)row.Cause << 32), row.Life, 0, 0);
                return SystemResult.Ok;
            case InstanceControlOperation.History:
                (frame.Word0, frame.Word1, frame.Word2, frame.Word3) = (row.Change, row.At, row.Note0, row.Note1);
                return SystemResult.Ok;
            case InstanceControlOperation.Order when frame.Word0 != 0 && frame.Word1 <= (ulong)MemberOrder.Hang:
                return Order(row, (MemberOrder)frame.Word1, frame.Word2, frame.Word3);
            default:
                return SystemResult.ArgumentInvalid;
        }
    }

    private SystemResult Order(Row row, MemberOrder order, ulong note0, ulong note1)
    {
        if (order > MemberOrder.Release && !ProvokesFaults)
        {
            return SystemResult.Unavailable;
        }

        (row.Note0, row.Note1) = (note0, note1);
        row.Order = order == MemberOrder.None ? row.Order : order;

        // It may die with the kernel's answer on the way: done, and nobody knows.
        if (DiesIn == 0)
        {
            throw new ProgramDiedException();
        }

        return SystemResult.Ok;
    }

    /// <summary>What the kernel keeps of a core.</summary>
    public sealed class Row
    {
        public MemberState State { get; set; }

        public MemberCause Cause { get; set; }

        public ulong Life { get; set; }

        public ulong Change { get; set; }

        public ulong At { get; set; }

        public ulong Note0 { get; set; }

        public ulong Note1 { get; set; }

        public MemberOrder Order { get; set; }
    }
}

/// <summary>The program under test is gone: what it was doing ends here.</summary>
public sealed class ProgramDiedException : Exception;
