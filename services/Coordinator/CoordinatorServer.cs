using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Coordinator;

/// <summary>Decides what becomes of the machine's cores, by policy and by order, and tells what has become of them.</summary>
/// <remarks>
/// The kernel takes the steps, each with its deadline, and undoes what does not succeed. What must outlive this program is kept with the cores (<see cref="CoreNote"/>):
/// a new life reads it, judges what has changed meanwhile, and goes on. Only the list of events begins anew, with the last of each core; their numbers go on.
/// </remarks>
public struct CoordinatorServer : ICoresServer
{
    /// <summary>Most cores of a machine.</summary>
    public const uint CoresMax = 255;

    // Longer than everything that the kernel itself waits for: peers that are slow to let go, one that hangs and sleeps, a start.
    private const uint OrderSeconds = 30;
    private const ulong MillisecondsPerSecond = 1000;

    private readonly InstanceFigures _kernel;
    private readonly CoordinatorArguments _arguments;
    private readonly uint _cores;
    private readonly ulong _tscHz;
    private EventRing _events;
    private Subscribers _subscribers;

    /// <summary>Begins.</summary>
    /// <param name="kernel">The kernel of the first core.</param>
    /// <param name="arguments">What the system tells.</param>
    /// <param name="cores">Cores of the machine.</param>
    /// <param name="tscHz">Ticks of the time-stamp counter a second.</param>
    public CoordinatorServer(InstanceFigures kernel, in CoordinatorArguments arguments, uint cores, ulong tscHz)
    {
        _kernel = kernel;
        _arguments = arguments;
        _cores = cores < CoresMax ? cores : CoresMax;
        _tscHz = tscHz;
        NextDeadline = Deadline.Never;
    }

    /// <inheritdoc/>
    /// <remarks>Of some order that was under way; it may have ended.</remarks>
    public ulong NextDeadline { get; private set; }

    /// <summary>Learns how everything is, and goes on with what an earlier life has begun.</summary>
    /// <param name="node">The program's CNode.</param>
    /// <param name="firstSlot">The first slot for notifications of subscribers.</param>
    public void Begin(CNodeTable node, uint firstSlot)
    {
        _subscribers.Begin(node, firstSlot);
        Look();
        Elapsed();
    }

    /// <inheritdoc/>
    public CoresAnswer Order(in Caller caller, uint core, CoreOrder order, out uint number)
    {
        number = 0;
        if (!_arguments.MayOrder(caller.Badge))
        {
            return CoresAnswer.NotAllowed;
        }

        if (core == 0 || core >= _cores)
        {
            return core == 0 ? CoresAnswer.FirstCore : CoresAnswer.NoSuchCore;
        }

        if (!TryRead(core, out MemberFigures member, out MemberHistory history, out CoreNote note))
        {
            return CoresAnswer.Refused;
        }

        CoresAnswer answer = order == CoreOrder.None ? CoresAnswer.NothingToDo : note.IsUnderWay ? CoresAnswer.Busy : CorePlan.Fits(order, member.State);
        if (answer != CoresAnswer.Done)
        {
            return answer;
        }

        note.Accept(order, Seconds(Ipc.Now()) + OrderSeconds);
        answer = Accept(core, in member, in history, ref note);
        number = answer == CoresAnswer.Done ? note.Number : 0;
        return answer;
    }

    /// <inheritdoc/>
    public readonly CoresAnswer Outcome(
        in Caller caller, uint core, out uint number, out CoreOrder order, out OrderOutcome outcome, out uint restartsLeft)
    {
        CoreNote note = default;
        bool isCore = core < _cores && TryRead(core, out _, out _, out note);
        number = note.Number;
        order = note.Order;
        outcome = note.Outcome;
        restartsLeft = isCore && core != 0 ? _arguments.Policy.Left(in note, Seconds(Ipc.Now())) : 0;
        return isCore ? CoresAnswer.Done : CoresAnswer.NoSuchCore;
    }

    /// <inheritdoc/>
    public readonly ulong Events(in Caller caller, out ulong oldest)
    {
        oldest = _events.Oldest;
        return _events.End;
    }

    /// <inheritdoc/>
    public readonly bool Event(
        in Caller caller,
        ulong from,
        out ulong number,
        out uint core,
        out MemberState state,
        out MemberCause cause,
        out ulong life,
        out ulong milliseconds)
    {
        bool isKnown = _events.TryFind(from, out CoreEvent happened);
        number = happened.Number;
        core = happened.Core;
        state = (MemberState)happened.State;
        cause = (MemberCause)happened.Cause;
        life = happened.Life;
        ulong ticks = _tscHz / MillisecondsPerSecond;
        milliseconds = ticks == 0 ? 0 : happened.At / ticks;
        return isKnown;
    }

    /// <inheritdoc/>
    public CoresAnswer Subscribe(in Caller caller, SignalWord signal) => _subscribers.Add(caller.Badge, signal);

    /// <inheritdoc/>
    public CoresAnswer Unsubscribe(in Caller caller) => _subscribers.TryRemove(caller.Badge) ? CoresAnswer.Done : CoresAnswer.Unknown;

    /// <inheritdoc/>
    public void Signalled(ulong bits) => Look();

    /// <inheritdoc/>
    public void Elapsed()
    {
        uint now = Seconds(Ipc.Now());
        NextDeadline = Deadline.Never;
        for (uint core = 1; core < _cores; core++)
        {
            if (!TryRead(core, out _, out _, out CoreNote note) || !note.IsUnderWay)
            {
                continue;
            }

            if (note.Until > now)
            {
                Await(note.Until);
                continue;
            }

            note.Outcome = OrderOutcome.Late;
            _ = _kernel.Order(core, MemberOrder.None, note.Word0, note.Word1);
        }
    }

    private void Look()
    {
        ulong end = _events.End;
        while (TryNextChange(out uint core, out ulong change) && TryTake(core, change))
        {
            // Until nothing is new.
        }

        if (_events.End != end)
        {
            _subscribers.Signal();
        }
    }

    // The oldest change that was not judged: what a core was in between is passed over. A core that is read before it changes, and another after it has changed
    // later, would put the two out of order; so all are read again until none has changed.
    private readonly bool TryNextChange(out uint next, out ulong change)
    {
        ulong before;
        ulong sum = 0;
        do
        {
            before = sum;
            sum = Sum(out next, out change);
        }
        while (sum != before);
        return next != _cores;
    }

    // The numbers of all changes together, which grows with each; and the core with the lowest number that is new.
    private readonly ulong Sum(out uint lowest, out ulong number)
    {
        ulong sum = 0;
        number = ulong.MaxValue;
        lowest = _cores;
        for (uint core = 0; core < _cores; core++)
        {
            ulong change = _kernel.History(core, out MemberHistory history) == SystemResult.Ok ? history.Change : 0;
            sum += change;
            if (change != 0 && change >= _events.End && change < number)
            {
                number = change;
                lowest = core;
            }
        }

        return sum;
    }

    private bool TryTake(uint core, ulong number)
    {
        if (!TryRead(core, out MemberFigures member, out MemberHistory history, out CoreNote note))
        {
            return false;
        }

        if (history.Change != number)
        {
            // It has changed again since: another core's change may come before this one, and would be passed over.
            return true;
        }

        _events.Add(new CoreEvent
        {
            Number = history.Change,
            At = history.ChangedAt,
            Life = member.Life,
            Core = (byte)core,
            State = (byte)member.State,
            Cause = (byte)member.Cause,
        });
        if (core != 0 && note.Judged != (uint)history.Change)
        {
            Judge(core, in member, history.Change, ref note);
        }

        return true;
    }

    private readonly void Judge(uint core, in MemberFigures member, ulong change, ref CoreNote note)
    {
        ulong before = note.Word0;
        MemberOrder step = CorePlan.Judge(ref note, in member, change, _arguments.Policy, Seconds(Ipc.Now()));

        // That nothing follows from a death is remembered, too. Whoever lives can be judged again.
        if (step != MemberOrder.None || note.Word0 != before || member.State == MemberState.Dead)
        {
            _ = _kernel.Order(core, step, note.Word0, note.Word1);
        }
    }

    private CoresAnswer Accept(uint core, in MemberFigures member, in MemberHistory history, ref CoreNote note)
    {
        MemberOrder step = CorePlan.Judge(ref note, in member, history.Change, default, now: 0);
        SystemResult result = _kernel.Order(core, step, note.Word0, note.Word1);
        if (result != SystemResult.Ok)
        {
            return result == SystemResult.Unavailable ? CoresAnswer.NotInThisImage : CoresAnswer.Refused;
        }

        Await(note.Until);
        return CoresAnswer.Done;
    }

    private void Await(uint second)
    {
        ulong deadline = second * _tscHz;
        NextDeadline = deadline < NextDeadline ? deadline : NextDeadline;
    }

    // What is read in two calls is of one moment: nothing has changed in between.
    private readonly bool TryRead(uint core, out MemberFigures member, out MemberHistory history, out CoreNote note)
    {
        bool isRead = _kernel.History(core, out history) == SystemResult.Ok;
        ulong change;
        do
        {
            change = history.Change;
            isRead &= _kernel.Member(core, out member) == SystemResult.Ok && _kernel.History(core, out history) == SystemResult.Ok;
        }
        while (isRead && history.Change != change);
        note = CoreNote.Of(history.Note0, history.Note1);
        return isRead;
    }

    private readonly uint Seconds(ulong ticks)
    {
        ulong hz = _tscHz;
        return hz == 0 ? 0 : (uint)(ticks / hz);
    }
}
