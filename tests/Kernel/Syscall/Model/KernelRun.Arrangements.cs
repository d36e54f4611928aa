using Atoll.Abi;
using Atoll.Cap;
using ThreadState = Atoll.Cap.ThreadState;

namespace Atoll.Kernel.Tests.Syscall.Model;

/// <summary>This part: states in which several things come together that chance alone hardly ever brings together. What follows is chance again.</summary>
public sealed partial class KernelRun
{
    private void Arrange(Program running)
    {
        switch (_random.Next(7))
        {
            case 0:
                GiveTimeToALender(running);
                break;
            case 1:
                TakeTheSpaceOfAReceiver(running);
                break;
            case 2:
                End(running, SeatWhere<ModelThread>(server => server.Time is { Chain.Count: > 0 } && server.Program != Driver));
                break;
            case 3:
                End(running, SeatWhere<ModelTime>(time => time.Chain.Count > 0));
                break;
            case 4:
                JoinTheNext(running);
                break;
            case 5:
                // Room for the next capability that comes.
                OnCNode(running, CNodeOperation.Delete, _inboxes.Values.ElementAt(_random.Next(_inboxes.Count)));
                break;
            default:
                BindToAServer(running);
                break;
        }
    }

    // The time comes back with the answer; then there would be two.
    private void GiveTimeToALender(Program running)
    {
        Seat? time = SeatWhere<ModelTime>(free => free is { Thread: null, Runner: null, Budget: not 0 });
        Seat? lender = SeatWhere<ModelThread>(thread => thread is { State: ThreadState.AwaitingReply, Reply.Lent: not null });
        if (time is null)
        {
            SetBudget(running);
        }
        else if (lender is not null)
        {
            OnThread(running, lender, ThreadOperation.BindContext, new() { [0] = time.Slot });
        }
    }

    // Whoever calls it then must not enter tables that there are not.
    private void TakeTheSpaceOfAReceiver(Program running)
    {
        Seat? receiver = SeatWhere<ModelThread>(thread =>
            thread is { State: ThreadState.Receiving, Reply: not null, Time: null, Space: not null } && thread.Program != running);
        if (receiver?.Program is { } program)
        {
            OnCNode(running, CNodeOperation.Revoke, program.SpaceSlot);
        }
    }

    // What was lent finds its way back, or nobody has it.
    private void End(Program running, Seat? seat)
    {
        if (seat is not null)
        {
            OnCNode(running, CNodeOperation.Delete, seat.Slot);
        }
    }

    private void OnCNode(Program running, CNodeOperation operation, uint slot)
    {
        uint node = running.Base == 0 ? KernelWorld.CNodeSlot : KernelWorld.GuardedSlot;
        Do(running, SystemCall.Call, node, MessageHeader.Of((ulong)operation, 1), [slot, 0, 0, 0], []);
    }

    // Devices signal it while the server works.
    private void BindToAServer(Program running)
    {
        Seat? server = SeatWhere<ModelThread>(thread =>
            thread.Bound is null && _world.Programs.IndexOf(thread.Program) >= FirstServer);
        uint notification = _listened[_random.Next(_listened.Length)];
        if (server is not null && _model.Slots.ContainsKey(notification))
        {
            OnThread(running, server, ThreadOperation.BindNotification, new() { [0] = notification });
        }
    }

    // Who was alone at its priority has equals then, so its turn ends some time.
    private void JoinTheNext(Program running)
    {
        int next = byte.MaxValue;
        while (next > 0 && _model.Ready(next).Count == 0)
        {
            next--;
        }

        if (_seats.Find(seat => seat.Program == running) is { } own && _model.Slots.GetValueOrDefault(own.Slot)?.Target is ModelThread thread)
        {
            Do(running, SystemCall.Call, own.Slot, MessageHeader.Of((ulong)ThreadOperation.SetPriority, 2),
                [(ulong)next, thread.PriorityMax, 0, 0], []);
        }
    }

    private bool IsBound(Program program) =>
        _model.Slots.GetValueOrDefault(program.Slot)?.Target is ModelThread { Bound: not null };

    private void OnThread(Program running, Seat target, ThreadOperation operation, Dictionary<int, uint> named) =>
        Do(running, SystemCall.Call, target.Slot, MessageHeader.Of((ulong)operation, 4), Words(), named);

    // One of those that fit, or null.
    private Seat? SeatWhere<TObject>(Func<TObject, bool> fits)
        where TObject : ModelObject
    {
        Seat[] fitting = [.. _seats.Where(seat => _model.Slots.GetValueOrDefault(seat.Slot)?.Target is TObject target && fits(target))];
        return fitting.Length == 0 ? null : fitting[_random.Next(fitting.Length)];
    }
}
