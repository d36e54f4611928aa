using Atoll.Abi;
using Atoll.Cap;
using Atoll.Irq;

namespace Atoll.Kernel.Tests.Syscall.Model;

/// <summary>This part: objects and programs, in the kernel and in the model.</summary>
public sealed partial class KernelRun
{
    private void Spawn()
    {
        AddInbox(_world.Spawn("driver", 1));
        for (int index = 0; index < s_priorities.Length; index++)
        {
            bool isLimited = _random.Next(2) == 0;
            ulong budget = (ulong)_random.Next(50, 500);
            Program program = _world.Spawn(
                $"p{index}", s_priorities[index], budget, isLimited ? budget + (ulong)_random.Next(1, 1000) : budget,
                handler: _random.Next(3) == 0 ? 0 : _seats[0].Slot + 1, isGuarded: index == 2);
            program.Record.PriorityMax = (byte)_random.Next(1, 255);
            AddInbox(program);
            _seats.Add(new Seat(CapabilityType.Thread, program.Slot, [], program));
            _seats.Add(new Seat(CapabilityType.SchedulingContext, program.TimeSlot, []));
        }
    }

    // A slot for what messages bring along.
    private void AddInbox(Program program)
    {
        _inboxes[program] = _world.NextFree++;
        ref MessageBuffer buffer = ref _world.Buffer(program);
        buffer.ReceiveNode = Address(program, program.Base == 0 ? KernelWorld.CNodeSlot : KernelWorld.GuardedSlot);
        buffer.ReceiveIndex = _inboxes[program];
    }

    private Seat AddSeat(CapabilityType type, byte bits, params (CapabilityRights Rights, ulong Badge)[] variants)
    {
        var seat = new Seat(type, _world.MakeAlone(type, bits), variants);
        foreach ((CapabilityRights rights, ulong badge) in variants)
        {
            _world.Mint(seat.Slot, rights, badge);
        }

        _seats.Add(seat);
        return seat;
    }

    // The model begins with what the kernel has: types of slots, and the programs as they were spawned.
    private void Describe()
    {
        _model.MoveTo(_world.Machine.Now);
        for (uint slot = 1; slot < _world.NextFree; slot++)
        {
            if (!_world.Slot(slot).IsEmpty)
            {
                _model.Add(slot, _world.Slot(slot).Type, null, _world.Slot(slot).Rights);
            }
        }

        foreach (Seat seat in _seats.Where(seat => seat.Program is null))
        {
            Describe(seat);
        }

        _model.Add(Driver.TimeSlot, CapabilityType.SchedulingContext, new ModelTime("time of driver"));
        foreach (Program program in _world.Programs)
        {
            ModelThread thread = Describe(program, _world.Slot(program.Slot).Thread.Value.FaultEndpoint.Type == CapabilityType.Endpoint
                ? _seats[0].Slot + 1 : 0);
            var time = (ModelTime)_model.Slots[program.TimeSlot].Target!;
            time.Budget = program.Time.Value.Budget;
            time.Period = program.Time.Value.Period;
            time.Remaining = time.Budget;
            time.Thread = thread;
            time.Runner = thread;
            thread.Time = time;
            _model.Start(thread);
        }
    }

    private void Describe(Seat seat)
    {
        string name = $"{seat.Type} {seat.Slot}";
        ModelObject target = seat.Type switch
        {
            CapabilityType.Endpoint => new ModelEndpoint(name),
            CapabilityType.Notification => new ModelNotification(name),
            CapabilityType.Reply => new ModelReply(name),
            _ => new ModelTime(name),
        };
        ModelCapability original = _model.Add(seat.Slot, seat.Type, target);
        for (int index = 0; index < seat.Variants.Length; index++)
        {
            _model.Add(seat.Slot + 1 + (uint)index, seat.Type, target, seat.Variants[index].Rights, seat.Variants[index].Badge, original);
        }
    }

    private ModelThread Describe(Program program, uint handler)
    {
        var thread = new ModelThread(program)
        {
            Priority = program.Record.Priority,
            PriorityMax = program.Record.PriorityMax,
            Rip = program.Context.Rip,
            Rsp = program.Context.Rsp,
            Rbx = program.Context.Rbx,
            Heard = new Heard(0, true),
            Inbox = _inboxes[program],
        };
        _model.Add(program.Slot, CapabilityType.Thread, thread);
        _model.Threads.Add(thread);
        thread.Space = ReferenceKernel.Give(thread, _model.Slots[program.SpaceSlot]);
        thread.Handler = handler == 0 ? null : ReferenceKernel.Give(thread, _model.Slots[handler]);
        for (int index = 4; index < MessageHeader.WordsMax; index++)
        {
            thread.Buffer[index] = (ulong)_random.NextInt64();
            _world.Buffer(program).Words[index] = thread.Buffer[index];
        }

        return thread;
    }

    private void Listen(uint number)
    {
        _signalled[number] = (ModelNotification)_model.Slots[_listened[number]].Target!;
        _world.Kernel.Interrupts[number].IsUsed = true;
        _world.Kernel.Interrupts[number].Line = IrqTable.NoLine;
        _world.Kernel.Interrupts.Listen(number, _world.Notification(_listened[number]), 0x100UL << (int)number);
    }

    /// <summary>A place for an object: when it is gone another is made in the same memory.</summary>
    private sealed record Seat(CapabilityType Type, uint Slot, (CapabilityRights Rights, ulong Badge)[] Variants, Program? Program = null);
}
