using Atoll.Abi;
using Atoll.Cap;

namespace Atoll.Kernel.Tests.Syscall.Model;

/// <summary>This part: what programs ask.</summary>
public sealed partial class KernelRun
{
    private static readonly (ulong Vector, FaultKind Kind)[] s_exceptions =
    [
        (0, FaultKind.Divide), (1, FaultKind.Debug), (3, FaultKind.Debug), (6, FaultKind.UndefinedInstruction), (13, FaultKind.Protection),
        (14, FaultKind.Page), (16, FaultKind.FloatingPoint), (17, FaultKind.Protection), (19, FaultKind.FloatingPoint),
    ];

    // The two of the highest priorities serve, on their callers' time; the others call them.
    private void Serve(Program running, SystemCall call)
    {
        Seat[] endpoints = [.. _seats.Where(seat => seat.Type == CapabilityType.Endpoint)];
        Seat[] replies = [.. _seats.Where(seat => seat.Type == CapabilityType.Reply)];
        int server = _world.Programs.IndexOf(running) - FirstServer;
        bool isServer = server >= 0;
        uint slot = endpoints[isServer ? server : _random.Next(Servers)].Slot;
        Do(running, new ModelCall((ulong)(isServer ? call : SystemCall.Call), slot,
            MessageHeader.Of((ulong)_random.Next(3), (uint)_random.Next(5), AnyCapability()), Words(), [],
            isServer ? replies[server].Slot : null));
    }

    private void BeginService()
    {
        for (int server = Servers - 1; server >= 0; server--)
        {
            Serve(_world.Programs[FirstServer + server], SystemCall.Receive);
        }

        for (int server = 0; server < Servers; server++)
        {
            Program running = _world.RunningProgram!;
            Do(running, new ModelCall((ulong)SystemCall.Call, _world.Programs[FirstServer + server].Slot,
                MessageHeader.Of((ulong)ThreadOperation.UnbindContext, 0), Words(), []));
        }
    }

    private void ToEndpoint(Program running, SystemCall call)
    {
        uint? slot = _random.Next(12) == 0 ? AnySlot() : Pick(CapabilityType.Endpoint);
        Do(running, call, slot, Header(), Words());
    }

    // Flags make no difference to a signal, but to the way that it takes.
    private void Signal(Program running)
    {
        uint? slot = SeatWhere<ModelNotification>(awaited => awaited.Waiters.Count > 0)?.Slot;
        if (slot is null || _random.Next(2) == 0)
        {
            Do(running, SystemCall.Send, Pick(CapabilityType.Notification), Header(), Words());
        }
        else
        {
            Do(running, new ModelCall((ulong)SystemCall.Send, slot, Header(), Words(), [], null, 0));
        }
    }

    private void Do(Program running, SystemCall number, uint? slot, MessageHeader header, ulong[] words, Dictionary<int,
        uint>? named = null)
    {
        // Most receivers can be called. The driver never waits for ever, so that there is always somebody.
        uint? reply = _random.Next(8) == 0 ? AnySlot() : Pick(CapabilityType.Reply);
        ulong flags = _random.Next(running == Driver ? 2 : 8) switch
        {
            0 => SystemCallFlags.NonBlocking,
            1 => SystemCallFlags.HasDeadline,
            _ => 0,
        };
        bool isOperation = number == SystemCall.Call && slot is { } index
            && _model.Slots.GetValueOrDefault(index)?.Type != CapabilityType.Endpoint;
        if (isOperation && named is null)
        {
            // Asked of an object that was meant to be an endpoint: an operation that none has.
            header = MessageHeader.Of(0, 1);
            words[0] = (ulong)_random.Next(100);
        }

        flags = isOperation ? 0 : running == Driver && number == SystemCall.Call ? SystemCallFlags.HasDeadline : flags;
        ulong deadline = _random.Next(16) == 0 ? (ulong)_random.Next(2) : _world.Machine.Now + (ulong)_random.Next(1, 2000);
        Do(running, new ModelCall((ulong)number | flags, slot, header, words, named ?? [], reply, deadline));
    }

    private void Do(Program running, ModelCall call)
    {
        ulong[] words = call.Words;
        Name(running, call.Header.Capabilities);
        foreach ((int word, uint named1) in call.Named)
        {
            words[word] = Address(running, named1);
        }

        string end = call.DoesNotWait ? "!" : call.Until is { } until ? $" until {until}" : "";
        string passed = string.Join(',', words.Select(word => $"{word:x}"));
        Note($"{running} {(SystemCall)(call.Number & 0xFF)}{end} {call.Slot} {call.Header.Raw:x} {passed} r{call.Reply}");
        ulong address = Address(running, call.Slot);
        _model.Call(call, address);
        _world.SystemCall(call.Number, address, call.Header.Raw, words[0], words[1], words[2], words[3], Address(running, call.Reply),
            call.Deadline);
    }

    private void OnThread(Program running)
    {
        ThreadOperation[] often =
        [
            ThreadOperation.Resume, ThreadOperation.Resume, ThreadOperation.Resume, ThreadOperation.Suspend, ThreadOperation.BindContext,
            ThreadOperation.BindContext, ThreadOperation.UnbindContext, ThreadOperation.BindNotification,
                ThreadOperation.UnbindNotification,
            ThreadOperation.SetPriority, ThreadOperation.SetFaults, ThreadOperation.Configure, ThreadOperation.SetRegisters,
        ];
        ThreadOperation operation = often[_random.Next(often.Length)];
        Seat[] threads = [.. _seats.Where(seat => seat.Program is not null)];
        Seat target = threads[_random.Next(threads.Length)];
        ulong[] words = Words();
        Dictionary<int, uint> named = [];
        switch (operation)
        {
            case ThreadOperation.BindContext:
                named[0] = _random.Next(8) == 0 ? AnySlot() ?? 0 : _random.Next(2) == 0 ? target.Program!.TimeSlot
                    : Pick(CapabilityType.SchedulingContext);
                break;
            case ThreadOperation.BindNotification:
                named[0] = _random.Next(8) == 0 ? AnySlot() ?? 0 : Pick(CapabilityType.Notification);
                break;
            case ThreadOperation.SetPriority:
                words[0] = s_priorities[_random.Next(s_priorities.Length)];
                words[1] = (ulong)_random.Next(260);
                break;
            case ThreadOperation.SetFaults:
                words[0] = (ulong)_random.Next(5);
                break;
            case ThreadOperation.SetRegisters:
                words[0] = AnyRip();
                break;
            case ThreadOperation.Configure:
                named[0] = target.Program!.Base == 0 ? KernelWorld.CNodeSlot : KernelWorld.GuardedSlot;
                named[1] = _random.Next(6) == 0 ? AnySlot() ?? 0 : target.Program.SpaceSlot;
                named[3] = target.Program.FrameSlot;
                words[2] = 0;
                if (_random.Next(4) != 0)
                {
                    named[2] = _random.Next(6) == 0 ? Math.Max(AnySlot() ?? 0, 1) : Pick(CapabilityType.Endpoint);
                }

                break;
        }

        Do(running, SystemCall.Call, target.Slot, MessageHeader.Of((ulong)operation, 4), words, named);
    }

    private void SetBudget(Program running)
    {
        ulong budget = (ulong)_random.Next(5, 500);
        ulong period = _random.Next(2) == 0 ? budget : budget + (ulong)_random.Next(1000) - (ulong)_random.Next(3);
        Do(running, SystemCall.Call, KernelWorld.SchedulingSlot, MessageHeader.Of(1, 3), [0, budget, period, 0],
            new() { [0] = Pick(CapabilityType.SchedulingContext) });
    }

    // Objects end, capabilities go, threads lose their address space.
    private void OnSlot(Program running)
    {
        Seat seat = _seats[_random.Next(_seats.Count)];
        uint slot = seat.Slot + (uint)_random.Next(seat.Variants.Length + 1);
        CNodeOperation operation = (CNodeOperation)_random.Next((int)CNodeOperation.Delete, (int)CNodeOperation.CancelBadgedSends + 1);
        if (seat.Program is { } program && operation == CNodeOperation.Revoke)
        {
            slot = program.SpaceSlot;
        }

        OnCNode(running, operation, slot);
    }

    private void Odd(Program running)
    {
        if (running == Driver || _random.Next(2) == 0)
        {
            Do(running, SystemCall.Call, AnySlot(), Header(), Words());
            return;
        }

        ulong[] numbers = [6, 7, 0xFF, 0x106];
        Do(running, (SystemCall)numbers[_random.Next(numbers.Length)], 0, Header(), Words());
    }

    private void Fault(Program running)
    {
        if (running == Driver)
        {
            return;
        }

        (ulong vector, FaultKind kind) = s_exceptions[_random.Next(s_exceptions.Length)];
        ulong address = (ulong)_random.Next(1 << 30);
        ulong error = (ulong)_random.Next(16);
        Note($"{running} {kind}");
        _model.Except(kind, kind == FaultKind.Page ? address : vector, error);
        _world.Exception(vector, address, error);
    }

    private void Device()
    {
        uint number = (uint)_random.Next(_listened.Length + 1);
        Note($"device {number}");
        ModelNotification? notification = number == _listened.Length ? null : _signalled[number];

        // Between the death of a notification and the next one in its place nobody listens.
        _model.Device(notification is { Capabilities.Count: > 0 } ? notification : null, 0x100UL << (int)number);
        _world.Device(number);
    }

    private void MakeAgain()
    {
        Seat[] empty = [.. _seats.Where(seat => !_model.Slots.ContainsKey(seat.Slot) && _world.IsFree(seat.Slot))];
        if (empty.Length == 0)
        {
            return;
        }

        Seat seat = empty[_random.Next(empty.Length)];
        Note($"again {seat.Type} {seat.Slot}");
        _world.MakeAgain(seat.Slot, seat.Type);
        for (int index = 0; index < seat.Variants.Length; index++)
        {
            _world.MintAt(seat.Slot + 1 + (uint)index, seat.Slot, seat.Variants[index].Rights, seat.Variants[index].Badge);
        }

        if (seat.Program is { } program)
        {
            _world.Prepare(program, s_priorities[_random.Next(s_priorities.Length)]);
            Describe(program, 0);
            return;
        }

        Describe(seat);
        if (Array.IndexOf(_listened, seat.Slot) is >= 0 and var number)
        {
            Listen((uint)number);
        }
    }

    private MessageHeader Header()
    {
        uint words = _random.Next(10) == 0 ? (uint)_random.Next(128) : (uint)_random.Next(5);
        ulong reserved = _random.Next(10) == 0 ? (ulong)_random.Next(8) << 9 : 0;
        return new MessageHeader(MessageHeader.Of((ulong)_random.Next(3) * (ulong)_random.Next(2), words, AnyCapability()).Raw | reserved);
    }

    private uint AnyCapability() => _random.Next(6) == 0 ? 1u : 0;

    // The one that the message brings along: something that can be copied, or what is gone.
    private void Name(Program running, uint capabilities)
    {
        if (capabilities != 0 && _model.Running is { } sender)
        {
            sender.Given = Pick(_random.Next(2) == 0 ? CapabilityType.Endpoint : CapabilityType.Notification);
            _world.Buffer(running).Capabilities[0] = Address(running, sender.Given);
        }
    }

    private ulong[] Words() =>
        [_random.Next(2) == 0 ? AnyRip() : (ulong)_random.NextInt64(), (ulong)_random.NextInt64(), (ulong)_random.Next(100),
        (ulong)_random.NextInt64()];

    private ulong AnyRip() => _random.Next(6) switch
    {
        0 => UserSpace.End,
        1 => UserSpace.End - 1,
        2 => 0,
        _ => (ulong)_random.Next(1 << 30),
    };

    private uint Pick(CapabilityType type)
    {
        Seat[] fitting = [.. _seats.Where(seat => seat.Type == type)];
        Seat seat = fitting[_random.Next(fitting.Length)];
        return seat.Slot + (_random.Next(2) == 0 ? 0 : (uint)_random.Next(seat.Variants.Length + 1));
    }

    // An address that leads nowhere, now and then.
    private uint? AnySlot() => _random.Next(6) == 0 ? null : (uint)_random.Next((int)_model.SlotCount + 4);

    private static ulong Address(Program program, uint? slot) => slot is { } index ? program.Base + index : 0x10_0000;
}
