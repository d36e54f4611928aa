using Atoll.Abi;
using Atoll.Cap;
using Thread = Atoll.Cap.Thread;

namespace Atoll.Kernel.Tests.Cap.Model;

/// <content>Threads, waits, interrupts and ports.</content>
public sealed partial class ModelRun
{
    private void Configure()
    {
        ulong thread = Any(CapabilityType.Thread);
        ulong root = Any(CapabilityType.CNode);
        ulong space = Any(CapabilityType.VSpace);
        if (thread == 0 || root == 0 || space == 0)
        {
            return;
        }

        ulong handler = random.Next(2) == 0 ? 0 : Any(CapabilityType.Endpoint);
        ulong frame = random.Next(2) == 0 ? 0 : Any(CapabilityType.Frame);
        ulong target = _model[thread]!.Object;
        string what = $"configure {target:x} with {Name(root)} {Name(space)} {Name(handler)} {Name(frame)}";
        SystemResult expected = _model.Configure(target, root, space, handler, frame);
        Outcome outcome;
        do
        {
            outcome = ThreadSlots.Set<TestHost, TestState>(
                ref world.State, Thread.OfContext(target), CapabilityWorld.At(root), CapabilityWorld.At(space), Maybe(handler),
                    Maybe(frame));
        }
        while (outcome.Result == SystemResult.Again);
        Expect(expected, outcome.Result, what);

        // What it named went with the old ones before all of those were gone: nobody goes on.
        for (int index = 0; index < 4 && expected == SystemResult.WrongState; index++)
        {
            world.Delete(ReferenceModel.ThreadSlot(target, index));
        }
    }

    private void Bind()
    {
        ulong thread = Any(CapabilityType.Thread);
        ulong notification = Any(CapabilityType.Notification);
        if (thread != 0 && notification != 0 && _model.TryBind(_model[thread]!.Object, _model[notification]!.Object))
        {
            ObjectPointer<Thread> bound = CapabilityWorld.Slot(thread).Thread;
            bound.Value.BoundNotification = CapabilityWorld.Slot(notification).Notification;
            bound.Value.BoundNotification.Value.BoundThread = bound;
            Note($"bind {Name(thread)} to {Name(notification)}");
        }
    }

    private void Wait()
    {
        ulong slot = Any(random.Next(2) == 0 ? CapabilityType.Endpoint : CapabilityType.Notification);
        if (slot != 0)
        {
            world.State.Log.Waiters[_model[slot]!.Object] = random.Next(1, 5);
            Note($"wait at {Name(slot)}");
        }
    }

    private void Control()
    {
        ulong control = Any(random.Next(2) == 0 ? CapabilityType.IrqControl : CapabilityType.IoPortControl);
        ulong target = AnySlot(wantsHeld: false);
        if (control == 0 || target == 0 || _model[target] is not null)
        {
            return;
        }

        bool isInterrupt = _model[control]!.Type == CapabilityType.IrqControl;
        CapabilityType type = isInterrupt ? CapabilityType.IrqHandler : CapabilityType.IoPort;
        ulong number = (ulong)random.Next(8);
        if (isInterrupt && _model.Held.Values.Any(held => held.Type == type && held.Object == number))
        {
            return;
        }

        _model.Derive(control, target, type, number, isInterrupt ? 0u : (uint)number + 7);
        RootCapabilities.Derive(CapabilityWorld.At(control), CapabilityWorld.At(target), type, number, isInterrupt ? 0u
            : (uint)number + 7);
        Note($"{type} {number} to {Name(target)}");
    }
}
