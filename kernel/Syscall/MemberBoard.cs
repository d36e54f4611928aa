using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Arch;
using Atoll.Cap;
using Atoll.Rendezvous;
using Atoll.Sched;

namespace Atoll.Syscall;

/// <summary>What programs may know of the instance of one core, and what they want of it. The coordinator's.</summary>
public struct MemberRow
{
    /// <summary><see cref="MemberCondition"/>.</summary>
    public ulong Condition;

    /// <summary>Which life of the core, from 1.</summary>
    public ulong Incarnation;

    /// <summary>Turns of its event loop, as the coordinator saw them last.</summary>
    public ulong Heartbeat;

    /// <summary>Bytes of memory that it has: its own, and its programs'.</summary>
    public ulong Bytes;

    /// <summary>Number of the last change of its state.</summary>
    public ulong Change;

    /// <summary>Time-stamp counter at that change.</summary>
    public ulong ChangedAt;

    /// <summary>Two words of whoever orders, which outlive it.</summary>
    public ulong Note0, Note1;

    /// <summary>The step that a program has ordered last and the coordinator has not taken.</summary>
    public MemberOrder Order;
}

/// <summary>The instances of the machine, on the coordinator's core; on others there are none.</summary>
/// <remarks>Each row begins a record of the coordinator's own, so what is told is what is so.</remarks>
public struct MemberBoard
{
    /// <summary>A row for each core of the machine.</summary>
    public HeadArray<MemberRow> Rows;

    /// <summary>Whether something was ordered.</summary>
    public bool HasOrders;

    /// <summary>Whether this image provokes faults.</summary>
    public bool ProvokesFaults;

    private ulong _changes;
    private ulong _told;
    private ObjectPointer<Notification> _listener;
    private ulong _badge;

    /// <summary>The state of an instance changes.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Change(ref MemberRow row, MemberState state, MemberCause cause)
    {
        row.Condition = MemberCondition.Of(state, cause).Raw;
        row.Change = ++_changes;
        row.ChangedAt = Cpu.ReadTsc();
    }

    /// <summary>Signals whoever watches, if something has changed since.</summary>
    public void Tell(ref Scheduler scheduler)
    {
        if (_told != _changes && !_listener.IsNull)
        {
            _told = _changes;
            Notifications.Signal(ref scheduler, _listener, _badge);
        }
    }

    /// <summary>Somebody watches from now on.</summary>
    internal void Listen(ObjectPointer<Notification> notification, ulong badge)
    {
        _listener = notification;
        _badge = badge;
        _told = _changes;
    }

    /// <summary>A notification is gone: nothing signals it any more.</summary>
    internal void Forget(ObjectPointer<Notification> notification)
    {
        if (_listener.Is(notification))
        {
            _listener = default;
        }
    }
}
