using Atoll.Abi;
using Atoll.Cap;
using Atoll.Kernel.Tests.Cap.Model;

namespace Atoll.Kernel.Tests.Syscall.Model;

/// <summary>Random programs: system calls, faults, interrupts and time, to the kernel and to the model. Both must agree after each step,
/// and every invariant hold.</summary>
public sealed partial class KernelRun
{
    private static readonly byte[] s_priorities = [10, 10, 20, 20, 30, 250];

    private const int Servers = 2;
    private const int FirstServer = 5;

    private readonly KernelWorld _world;
    private readonly Random _random;
    private readonly ReferenceKernel _model;
    private readonly Queue<string> _trace = new();
    private readonly List<Seat> _seats = [];
    private readonly uint[] _listened = new uint[3];
    private readonly ModelNotification[] _signalled = new ModelNotification[3];
    private readonly Dictionary<Program, uint> _inboxes = [];
    private readonly bool _isOrderly;
    private int _step;

    private KernelRun(KernelWorld world, int seed)
    {
        _world = world;
        _random = new Random(seed);
        _isOrderly = _random.Next(2) == 0;
        _world.Reset();
        for (int index = 0; index < 3; index++)
        {
            AddSeat(CapabilityType.Endpoint, ObjectSize.EndpointBits, (CapabilityRights.All, 7), (CapabilityRights.Write, 21),
                (CapabilityRights.Write | CapabilityRights.GrantReply, 22), (CapabilityRights.Read, 0));
            Seat notification = AddSeat(CapabilityType.Notification, ObjectSize.NotificationBits, (CapabilityRights.Write, 1UL << index),
                (CapabilityRights.Read, 0));
            _listened[index] = notification.Slot;
            AddSeat(CapabilityType.Reply, ObjectSize.ReplyBits);
        }

        AddSeat(CapabilityType.Reply, ObjectSize.ReplyBits);
        AddSeat(CapabilityType.SchedulingContext, ObjectSize.SchedulingContextBits);
        Spawn();
        _model = new ReferenceKernel { SlotCount = _world.NextFree };
        Describe();
        for (uint index = 0; index < _listened.Length; index++)
        {
            Listen(index);
        }

        _world.TimerFires = () => _model.Timer(_world.Machine.Now);
        _model.Timer(_world.Machine.Now);
        _world.RunIfAny();
        if (_isOrderly)
        {
            BeginService();
        }
    }

    private Program Driver => _world.Programs[0];

    /// <summary>Runs seeds until one fails; for callers that know no types of this assembly.</summary>
    /// <returns>null, or which seed failed at which step, and how.</returns>
    public static string? RunMany(int seeds, int steps)
    {
        foreach (CallPath path in (CallPath[])[CallPath.Fast, CallPath.Long])
        {
            using var world = new KernelWorld(path);
            for (int seed = 1; seed <= seeds; seed++)
            {
                if (Run(world, seed, steps) is { } failure)
                {
                    return $"seed {seed}, {failure}";
                }
            }
        }

        return null;
    }

    /// <summary>Runs one seed in a world that is set back first.</summary>
    /// <returns>null, or at which step what went wrong.</returns>
    public static string? Run(KernelWorld world, int seed, int steps)
    {
        KernelRun? run = null;
        try
        {
            run = new KernelRun(world, seed);
            run.Run(steps);
            return null;
        }
        catch (Exception error)
        {
            string last = string.Join("; ", run?._trace ?? []);
            return $"step {run?._step}: {error.GetType().Name} {error.Message}\nlast: {last}\n{error.StackTrace}";
        }
        finally
        {
            world.TimerFires = null;
        }
    }

    private void Run(int steps)
    {
        for (_step = 1; _step <= steps; _step++)
        {
            KernelComparison.Check(_world, _model);
            KernelInvariants.Check(_world);
            if (_random.Next(2) == 0)
            {
                Advance((ulong)_random.Next(_random.Next(4) == 0 ? 3000 : 100));
            }

            DoOne();
            if (_model.HasTie)
            {
                return;
            }
        }
    }

    private void DoOne()
    {
        if (_world.RunningProgram is not { } running)
        {
            Wait();
            return;
        }

        if (_isOrderly && running != Driver && _random.Next(10) < 8)
        {
            if (_random.Next(4) == 0 && IsBound(running))
            {
                Device();
                return;
            }

            Serve(running, SystemCall.ReplyReceive);
            return;
        }

        switch (_random.Next(42))
        {
            case < 10:
                ToEndpoint(running, SystemCall.Call);
                break;
            case < 19:
                ToEndpoint(running, SystemCall.ReplyReceive);
                break;
            case < 23:
                ToEndpoint(running, SystemCall.Receive);
                break;
            case < 26:
                ToEndpoint(running, SystemCall.Send);
                break;
            case 26:
                Do(running, SystemCall.Send, Pick(CapabilityType.Reply), Header(), Words());
                break;
            case 27:
                Signal(running);
                break;
            case 28:
                Do(running, SystemCall.Receive, Pick(CapabilityType.Notification), Header(), Words());
                break;
            case 29:
                Do(running, _random.Next(3) == 0 ? SystemCall.None : SystemCall.Yield, 0, Header(), Words());
                break;
            case 30:
                Fault(running);
                break;
            case 31:
                Device();
                break;
            case 32:
                Odd(running);
                break;
            case < 37:
                OnThread(running);
                break;
            case 37:
                SetBudget(running);
                break;
            case 38:
                OnSlot(running);
                break;
            case < 41:
                Arrange(running);
                break;
            default:
                MakeAgain();
                break;
        }
    }

    // Nobody runs: a device interrupts, or time goes on until something is due.
    private void Wait()
    {
        if (_random.Next(2) == 0)
        {
            Device();
            return;
        }

        ulong due = _model.NextDue;
        Advance(due == ulong.MaxValue ? 10 : due - Math.Min(due, _world.Machine.Now) + (ulong)_random.Next(3));
    }

    private void Advance(ulong ticks)
    {
        Note($"+{ticks}");
        _world.Advance(ticks);
        _model.MoveTo(_world.Machine.Now);
    }

    private void Note(string what)
    {
        _trace.Enqueue(what);
        if (_trace.Count > 14)
        {
            _trace.Dequeue();
        }
    }
}
