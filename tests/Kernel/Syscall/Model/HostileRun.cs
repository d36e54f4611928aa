using Atoll.Abi;
using Atoll.Cap;
using Atoll.Kernel.Tests.Cap.Model;
using ThreadState = Atoll.Cap.ThreadState;

namespace Atoll.Kernel.Tests.Syscall.Model;

/// <summary>Programs that hold everything and pass whatever they like. The kernel never fails a check, and every invariant holds.</summary>
public sealed class HostileRun
{
    private const uint NodeRadix = 4;

    private readonly KernelWorld _world;
    private readonly Random _random;
    private readonly Queue<string> _trace = new();
    private uint _lastSlot;

    private HostileRun(KernelWorld world, int seed)
    {
        _world = world;
        _random = new Random(seed);
        Populate();
    }

    /// <summary>Runs one seed.</summary>
    /// <returns>null, or at which step what went wrong.</returns>
    public static string? Run(KernelWorld world, int seed, int steps)
    {
        int step = 0;
        var run = new HostileRun(world, seed);
        try
        {
            for (; step < steps; step++)
            {
                if (!run.FindSomebody())
                {
                    run.Populate();
                }

                run.DoOne();
                KernelInvariants.Check(world);
            }

            return null;
        }
        catch (Exception error)
        {
            return $"step {step}: {error.GetType().Name} {error.Message}\nlast: {string.Join("; ", run._trace)}\n{error.StackTrace}";
        }
    }

    /// <summary>Every call with every word in every place; the others are harmless. Each in a world where all objects still are.</summary>
    /// <param name="world">Is set back.</param>
    /// <param name="part">Which part.</param>
    /// <param name="parts">Of how many.</param>
    /// <returns>null, or which call did what.</returns>
    public static string? RunAll(KernelWorld world, int part, int parts)
    {
        var run = new HostileRun(world, seed: 1);
        int number = 0;
        foreach (Attempt attempt in Attempts(run._lastSlot))
        {
            if (number++ % parts != part)
            {
                continue;
            }

            try
            {
                run.Populate();
                run.Do(attempt);
                KernelInvariants.Check(world);
            }
            catch (Exception error)
            {
                return $"{attempt}: {error.GetType().Name} {error.Message}\n{error.StackTrace}";
            }
        }

        return null;
    }

    private static IEnumerable<Attempt> Attempts(uint lastSlot)
    {
        foreach (ulong call in new ulong[] { 0, 1, 2, 3, 4, 5, 6, 0xFF, 0x101, 0x103, 0x104, 0x201, 0x202, 0x203, 0x204, 0x301,
            ulong.MaxValue })
        {
            for (ulong slot = 0; slot <= lastSlot; slot++)
            {
                ulong[] labels = call == 1 ? [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14] : [0];
                foreach (ulong label in labels)
                {
                    for (int place = 0; place < 7; place++)
                    {
                        foreach (ulong word in HostileWords.All)
                        {
                            yield return new Attempt(call, slot, label, place, word);
                        }
                    }
                }
            }
        }
    }

    // Objects of every kind, capabilities with few rights, and threads in every state.
    private void Populate()
    {
        _world.Reset();
        uint handler = _world.Make(CapabilityType.Endpoint);
        uint endpoint = _world.Make(CapabilityType.Endpoint);
        _world.Mint(endpoint, CapabilityRights.Write, badge: 7);
        _world.Mint(endpoint, CapabilityRights.Read, badge: 8);
        uint notification = _world.Make(CapabilityType.Notification);
        _world.Mint(notification, badge: 4);
        uint reply = _world.Make(CapabilityType.Reply);
        _world.Make(CapabilityType.Reply);
        _world.Make(CapabilityType.Untyped, 14);
        _world.Make(CapabilityType.CNode, (byte)NodeRadix);
        _world.Make(CapabilityType.PageTable);
        _world.Make(CapabilityType.SchedulingContext);
        Program server = _world.Spawn("server", 200);
        Program passive = _world.Spawn("passive", 190, isPassive: true, handler: handler);
        _world.Spawn("client", 100, handler: handler);
        _world.Spawn("limited", 100, budget: 100, period: 1000, isGuarded: true);
        _world.Spawn("idle", 1);
        _lastSlot = _world.NextFree;
        _world.RunIfAny();
        _world.SystemCall((ulong)SystemCall.Receive, endpoint, reply: reply);
        MismatchException.ThrowUnlessEqual(ThreadState.Receiving, server.State, "the server's state");
        passive.Record.FaultOptions = FaultOptions.All;
    }

    private bool FindSomebody()
    {
        for (int attempt = 0; attempt < 4 && _world.Running.IsNull; attempt++)
        {
            _world.Device((uint)_random.Next(4));
            if (_world.Running.IsNull)
            {
                _world.Advance(20_000);
            }
        }

        return !_world.Running.IsNull;
    }

    private void DoOne()
    {
        switch (_random.Next(24))
        {
            case 0:
                Note("time");
                _world.Advance((ulong)_random.Next(3000));
                break;
            case 1:
                ulong vector = (ulong)_random.Next(32);
                Note($"exception {vector}");
                _world.Exception(vector, HostileWords.Any(_random), (ulong)_random.Next(32));
                break;
            case 2:
                Note("device");
                _world.Device((uint)_random.Next((int)InterruptVector.DeviceCount));
                break;
            default:
                Call();
                break;
        }
    }

    private void Call()
    {
        if (_world.RunningProgram is { } caller && !caller.Record.Buffer.IsNull && _random.Next(8) == 0)
        {
            ref MessageBuffer buffer = ref caller.Record.Buffer.Value;
            buffer.Capabilities[_random.Next(3)] = Address(caller);
            buffer.ReceiveNode = Address(caller);
            buffer.ReceiveIndex = HostileWords.Any(_random);
        }

        ulong number = (ulong)_random.Next(6);
        number = _random.Next(40) == 0 ? HostileWords.Any(_random) : number | (_random.Next(4) == 0 ? (ulong)_random.Next(4) << 8 : 0);
        Program? running = _world.RunningProgram;
        ulong header = _random.Next(6) == 0 ? HostileWords.Any(_random)
            : MessageHeader.Of((ulong)_random.Next(16), (uint)_random.Next(6), (uint)(_random.Next(4) == 0 ? _random.Next(4) : 0)).Raw;
        ulong address = _random.Next(12) == 0 ? HostileWords.Any(_random) : Address(running);
        ulong[] words = [.. Enumerable.Range(0, 4).Select(_ => _random.Next(2) == 0 ? HostileWords.Any(_random) : Address(running))];
        ulong deadline = _world.Machine.Now + (ulong)_random.Next(2000);
        Note($"{running}: {number:x} to {address:x} {header:x} ({words[0]:x} {words[1]:x} {words[2]:x} {words[3]:x})");
        _world.SystemCall(number, address, header, words[0], words[1], words[2], words[3], Address(running), deadline);
    }

    private void Do(Attempt attempt)
    {
        ulong[] words = [attempt.Slot, MessageHeader.Of(attempt.Label, 1).Raw, 0, KernelWorld.CNodeSlot, 3, 3, 0];
        words[attempt.Place] = attempt.Place == 1 ? attempt.Word << 12 | attempt.Word : attempt.Word;
        _world.SystemCall(attempt.Call, words[0], words[1], words[2], words[3], words[4], words[5], words[6], attempt.Word);
    }

    private ulong Address(Program? program) => (program?.Base ?? 0) + (ulong)_random.Next((int)_lastSlot + 4);

    private void Note(string what)
    {
        _trace.Enqueue(what);
        if (_trace.Count > 10)
        {
            _trace.Dequeue();
        }
    }

    private sealed record Attempt(ulong Call, ulong Slot, ulong Label, int Place, ulong Word);
}
